/* The search beside the page. {load: address} is answered by {head} or {failed}; {query, number} by {number, found}. */

import { prepare } from "./search-core.js"

let search

addEventListener("message", async ({ data }) => {
  if (!data.load) return postMessage({ number: data.number, found: search(data.query) })
  try {
    const answer = await fetch(data.load)
    if (!answer.ok) throw new Error(answer.status)
    const index = await answer.json()
    search = prepare(index)
    postMessage({ head: { words: index.words, ways: index.ways } })
  } catch (failure) {
    postMessage({ failed: String(failure) })
  }
})
