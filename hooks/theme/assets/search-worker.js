/* Search in Chinese and English without word segmentation: every word of the query must stand in the title or the text.
   {load: address} is answered by {words} or {failed}; {query, number} by {number, pages}. Texts come back as lists
   [text, found, text …], so that nothing is ever put into a page as HTML. */
"use strict"

let entries = []
let titles = new Map()

// Full and half width, and case, are the same to a searcher. Length may change: places are looked up again for excerpts.
// Straight and curly quotation marks as well.
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"')

async function load(address) {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(answer.status)
  const index = await answer.json()
  entries = index.docs.map((doc) => ({ ...doc, inTitle: fold(doc.title), inText: fold(doc.text) }))
  titles = new Map(entries.map((doc) => [doc.location, doc]))
  return index.words
}

const pattern = (words) => new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "i")

function excerpt(doc, words) {
  const places = words.map((word) => doc.inText.indexOf(word)).filter((place) => place >= 0)
  if (!places.length) return []
  const start = Math.max(0, Math.min(...places) - 24)
  const end = start + 140
  const text = (start ? "…" : "") + doc.text.slice(start, end) + (end < doc.text.length ? "…" : "")
  return text.split(pattern(words))
}

function search(query) {
  const words = fold(query).split(/\s+/).filter(Boolean)
  if (!words.length) return []
  const pages = new Map()
  for (const doc of entries) {
    if (!words.every((word) => doc.inTitle.includes(word) || doc.inText.includes(word))) continue
    const score = words.reduce((sum, word) => sum + (doc.inTitle.includes(word) ? 10 : 1), 0)
    const [location] = doc.location.split("#")
    if (!pages.has(location)) pages.set(location, { location, score: 0, found: [] })
    const page = pages.get(location)
    page.score = Math.max(page.score, score + (doc.location === location ? 5 : 0))
    page.found.push({ doc, score })
  }
  const parts = pattern(words)
  return [...pages.values()]
    .sort((a, b) => b.score - a.score)
    .map(({ location, found }) => {
      const whole = found.find(({ doc }) => doc.location === location)
      const hits = found.filter(({ doc }) => doc.location !== location).sort((a, b) => b.score - a.score)
      return {
        location,
        title: titles.get(location).title.split(parts),
        text: whole ? excerpt(whole.doc, words) : [],
        hits: hits.slice(0, 4).map(({ doc }) => ({ location: doc.location, title: doc.title.split(parts), text: excerpt(doc, words) })),
      }
    })
}

addEventListener("message", async ({ data }) => {
  if (data.load) {
    try {
      postMessage({ words: await load(data.load) })
    } catch (failure) {
      postMessage({ failed: String(failure) })
    }
  } else postMessage({ number: data.number, pages: search(data.query) })
})
