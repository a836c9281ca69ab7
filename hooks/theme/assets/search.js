/* The search dialog. The index is fetched when it opens and searched beside the page, in search-worker.js. */

import { spoken } from "./spoken.js"

let dialog, worker, field, list, count, root
let words = {}
let newest = 0
let shown = 0
let awaited = false

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])

/** Put [text, found, text, found …] into `element`, what was found marked. */
const marked = (element, parts) => {
  for (const [i, part] of parts.entries()) element.append(...(i % 2 ? [make("mark", {}, ...spoken(part))] : spoken(part)))
  return element
}

function build(link) {
  root = link.dataset.search
  field = make("input", { type: "search", class: "hp-search-field", "aria-label": link.dataset.label, placeholder: link.dataset.label, autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search" })
  count = make("p", { class: "hp-search-count", role: "status", "aria-live": "polite" })
  list = make("ol", { class: "hp-search-list" })
  const close = make("button", { type: "submit", class: "hp-search-close", value: "close" })
  const form = make("form", { method: "dialog", class: "hp-search-form", role: "search" }, field, close)
  dialog = make("dialog", { class: "hp-search", "aria-label": link.dataset.label }, form, count, list)
  document.body.append(dialog)
  // Enter stays in the dialog and goes to the first result, once the results are those of what was typed.
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return
    event.preventDefault()
    if (shown === newest) list.querySelector("a")?.focus()
    else awaited = true
  })
  field.addEventListener("input", ask)
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close())
  // A result on this very page: the dialog must not stay in front of it.
  list.addEventListener("click", (event) => event.target.closest("a") && dialog.close())
  worker = new Worker(new URL("./search-worker.js", import.meta.url))
  worker.addEventListener("message", ({ data }) => {
    if (data.words) {
      words = data.words
      close.setAttribute("aria-label", words.close)
      close.title = words.close
      ask()
    } else if (data.failed) {
      location.href = link.href
    } else if (data.number === newest) {
      shown = newest
      show(data.pages)
      if (awaited) list.querySelector("a")?.focus()
      awaited = false
    }
  })
  worker.postMessage({ load: new URL(`${root}search/search_index.json`, location.href).href })
}

function ask() {
  newest += 1
  awaited = false
  if (!words.none) return
  if (field.value.trim()) worker.postMessage({ query: field.value, number: newest })
  else {
    list.replaceChildren()
    count.textContent = words.hint
  }
}

function show(pages) {
  const query = field.value.trim()
  count.textContent = pages.length ? fill(pages.length === 1 ? words.one : words.other, { n: pages.length, query }) : fill(words.none, { query })
  list.replaceChildren(
    ...pages.slice(0, 40).map((page) => {
      const item = make("li", {}, marked(make("a", { href: root + page.location, class: "hp-search-page" }), page.title))
      if (page.text.length) item.append(marked(make("p", {}), page.text))
      if (page.hits.length) {
        const hits = page.hits.map((hit) => {
          const line = make("li", {}, marked(make("a", { href: root + hit.location }), hit.title))
          if (hit.text.length) line.append(marked(make("p", {}), hit.text))
          return line
        })
        item.append(make("ul", {}, ...hits))
      }
      return item
    }),
  )
  if (!pages.length) list.append(make("li", {}, make("a", { href: `${root}sitemap/` }, words.sitemap)))
  list.scrollTop = 0
}

export function open(link) {
  if (!dialog) build(link)
  dialog.showModal()
  field.focus()
  field.select()
}
