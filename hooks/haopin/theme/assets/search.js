/* The search dialog. Matching runs beside the page, or on it where there are no workers. */

import { fill, spoken } from "./spoken.js"

let dialog, field, list, count, root, search
let words = {}
let [ways, calls, needs, suggested, icons] = [[], [], [], [], {}]
let newest = 0
let shown = 0
let awaited = false

const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag)
  for (const name in attributes) element.setAttribute(name, attributes[name])
  element.append(...children)
  return element
}

const put = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])

const marked = (tag, attributes, parts) =>
  make(tag, attributes, ...parts.flatMap((part, i) => (i % 2 ? make("mark", {}, ...spoken(part)) : spoken(part))))

function build(link) {
  root = link.dataset.search
  const label = link.dataset.label
  field = make("input", { type: "search", class: "hp-search-field", "aria-label": label, placeholder: link.textContent.trim(), autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search" })
  count = make("p", { class: "hp-search-count", role: "status" })
  list = make("div", { class: "hp-search-list" })
  const close = make("button", { type: "submit", class: "hp-search-close", value: "close" })
  dialog = make("dialog", { class: "hp-search", "aria-label": label }, make("form", { method: "dialog", class: "hp-search-form", role: "search" }, field, close), count, list)
  document.body.append(dialog)
  field.addEventListener("input", () => {
    awaited = false
    ask()
  })
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close())
  // A result on this very page must not stay behind the dialog.
  list.addEventListener("click", (event) => event.target.closest("a") && dialog.close())
  // Enter in the field goes to the first result, once it is one of what was typed; arrows from one to the next.
  dialog.addEventListener("keydown", (event) => {
    const stops = [field, ...list.querySelectorAll("a")]
    const at = stops.indexOf(document.activeElement)
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: at ? 0 : 1 }[event.key]
    if (!step || at < 0 || event.isComposing) return
    event.preventDefault()
    if (shown === newest) stops[at + step]?.focus()
    else awaited = !at
  })
  // An address with ?q= opens the search with its words.
  field.value = new URLSearchParams(location.search).get("q") || ""
  return (head) => {
    ;({ words, ways, calls, needs, suggested, icons } = head)
    close.setAttribute("aria-label", (close.title = words.close))
    ask()
  }
}

/** Match on the page: slower to type in, but for any browser. */
async function stay(load, ready) {
  const { prepare } = await import("./search-worker.js")
  const index = await (await fetch(load)).json()
  const find = prepare(index)
  search = (query, number) => show(find(query), number)
  ready(index)
}

function start(link, ready) {
  const failed = () => (location.href = link.href)
  const load = new URL(`${root}search/search_index.json`, location.href).href
  const worker = new Worker(new URL("./search-worker.js", import.meta.url), { type: "module" })
  worker.onerror = () => stay(load, ready).catch(failed)
  worker.onmessage = ({ data }) => {
    if (data.failed) failed()
    else if (data.head) ready(data.head)
    else show(data.found, data.number)
  }
  search = (query, number) => worker.postMessage({ query, number })
  worker.postMessage({ load })
}

function ask() {
  newest += 1
  list.setAttribute("aria-busy", true)
  if (!words.none) return
  if (field.value.trim()) search(field.value, newest)
  else {
    fill(list, [
      ...needs.flatMap(([name, ways]) => [make("h2", {}, name), links(ways, "hp-search-needs")]),
      ...(suggested[0] ? [make("h2", {}, words.suggested), make("p", { class: "hp-search-words" }, ...suggested.map(suggestion))] : []),
    ])
    count.textContent = words.hint
    list.setAttribute("aria-busy", false)
  }
}

const links = (ways, name = "hp-search-ways") => make("ul", { class: name }, ...ways.map(([name, to]) => make("li", {}, make("a", { href: to.startsWith("tel:") ? to : root + to }, ...spoken(name)))))

function suggestion(word) {
  const button = make("button", { type: "button", class: "hp-button hp-button--small" }, ...spoken(word))
  button.addEventListener("click", () => {
    field.value = word
    field.focus()
    ask()
  })
  return button
}

/** What an answer leads to: a call, a date, or a page. */
function drawn(kind) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  for (const [name, value] of Object.entries({ class: "hp-icon", viewBox: "0 0 24 24", "aria-hidden": true, "data-kind": kind })) svg.setAttribute(name, value)
  svg.append(document.createElementNS(svg.namespaceURI, "path"))
  svg.firstChild.setAttribute("d", icons[kind])
  return svg
}

const card = ({ sentence, call, links: ways }) =>
  make(
    "section",
    { class: "hp-search-answer" },
    make("h2", {}, drawn(call && calls[0] ? "call" : /^(activities|events)\//.test(ways[0][1]) ? "event" : "page"), ` ${words.answer}`),
    ...(sentence ? [make("p", {}, ...spoken(sentence))] : []),
    ...(call && calls[0] ? [make("p", {}, ...calls.map(([name, to]) => make("a", { class: "hp-button", href: to }, name)))] : []),
    links(ways),
  )

const item = ({ location, page, title, text, hits }) =>
  make(
    "li",
    {},
    marked("a", { href: root + location }, title),
    ...(page ? [make("p", {}, ...spoken(page))] : []),
    ...(text[0] != null ? [marked("p", {}, text)] : []),
    ...(hits?.length ? [make("ul", {}, ...hits.map(item))] : []),
  )

function show({ n, groups, cards, instead, loose }, number) {
  if (number !== newest) return
  shown = number
  const said = instead ? words.instead : n ? (loose ? words.loose : n === 1 ? words.one : words.other) : cards[0] ? words.answered : words.none
  count.textContent = put(said, { n, instead, query: field.value.trim() })
  fill(list, [
    ...cards.map(card),
    ...groups.flatMap(({ name, n, items }) => [
      make("h2", {}, `${name} `, make("span", { class: "hp-count" }, n)),
      make("ol", {}, ...items.map(item)),
      ...(n > items.length ? [make("p", {}, put(words.more, { n: items.length }))] : []),
    ]),
  ])
  if (!n && !cards[0]) list.append(make("p", {}, words.advice), links([...ways, ...calls]))
  list.setAttribute("aria-busy", false)
  list.scrollTop = dialog.scrollTop = 0
  if (awaited) list.querySelector("a")?.focus()
  awaited = false
}

export function open(link) {
  if (!dialog) start(link, build(link))
  dialog.showModal()
  field.focus()
  field.select()
}
