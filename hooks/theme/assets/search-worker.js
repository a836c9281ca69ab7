/* Search in Chinese and English without word segmentation: every word of the query must stand in the title or the text.
   Speaks the protocol of the theme's search worker: 0 set up, 1 ready, 2 query, 3 result. */
"use strict"

let entries = []

const fold = (text) => text.normalize("NFKC").toLowerCase()

const escape = (text) =>
  text.replace(/[&<>"]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char])

function setUp(index) {
  entries = index.docs.map((doc) => ({ ...doc, inTitle: fold(doc.title), inText: fold(doc.text) }))
}

function excerpt(doc, words) {
  const places = words.map((word) => doc.inText.indexOf(word)).filter((place) => place >= 0)
  const start = Math.max(0, (places.length ? Math.min(...places) : 0) - 20)
  const text = (start ? "…" : "") + doc.text.slice(start, start + 160)
  return mark(text, words)
}

function mark(text, words) {
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")
  return pattern
    ? text.split(new RegExp(`(${pattern})`, "i")).map((part, i) => (i % 2 ? `<mark>${escape(part)}</mark>` : escape(part))).join("")
    : escape(text)
}

function search(query) {
  const words = fold(query).split(/\s+/).filter(Boolean)
  if (!words.length) return []
  const pages = new Map()
  for (const doc of entries) {
    if (!words.every((word) => doc.inTitle.includes(word) || doc.inText.includes(word))) continue
    const score = words.reduce((sum, word) => sum + (doc.inTitle.includes(word) ? 10 : 1), 0)
    const page = doc.location.split("#")[0]
    const terms = Object.fromEntries(words.map((word) => [word, true]))
    const item = { location: doc.location, title: mark(doc.title, words), text: excerpt(doc, words), score, terms }
    pages.set(page, [...(pages.get(page) || []), item])
  }
  const best = (items) => Math.max(...items.map((item) => item.score))
  return [...pages.entries()]
    .map(([page, items]) => {
      // The theme shows the first item as the page and the others below it.
      if (!items.some((item) => !item.location.includes("#"))) {
        const whole = entries.find((doc) => doc.location === page)
        if (whole) items.unshift({ location: page, title: escape(whole.title), text: "", score: 0, terms: {} })
      }
      return items.sort((a, b) => a.location.includes("#") - b.location.includes("#") || b.score - a.score)
    })
    .sort((a, b) => best(b) - best(a))
}

addEventListener("message", ({ data }) => {
  if (data.type === 0) {
    setUp(data.data)
    postMessage({ type: 1 })
  } else if (data.type === 2) {
    postMessage({ type: 3, data: { items: search(data.data) } })
  }
})
