/* What a page does beyond being read: colours, copying, printing, opening the search and the filters.
   All of it can be done without: where no script runs, a control that needs one is not shown (`data-scripted`). */
"use strict"

const page = document.documentElement
const every = (selector, act) => document.querySelectorAll(selector).forEach(act)

/** Tell people who cannot see a change that it has happened. */
const announce = (text) => {
  const status = document.querySelector(".hp-status")
  status.textContent = ""
  setTimeout(() => (status.textContent = text), 50)
}

const dark = matchMedia("(prefers-color-scheme: dark)")
const isDark = () => (page.dataset.scheme ? page.dataset.scheme === "dark" : dark.matches)

every("[data-scheme-switch]", (button) => {
  const show = () => button.setAttribute("aria-pressed", isDark())
  button.addEventListener("click", () => {
    page.dataset.scheme = isDark() ? "light" : "dark"
    try {
      localStorage.setItem("haopin-scheme", page.dataset.scheme)
    } catch (blocked) {
      /* The choice then holds for this page only. */
    }
    show()
  })
  if (dark.addEventListener) dark.addEventListener("change", show)
  show()
})

/* In-app browsers often have no clipboard: there the old command copies a selection. */
const copy = async (text, place = document.body) => {
  try {
    await navigator.clipboard.writeText(text)
  } catch (missing) {
    const focused = document.activeElement
    const field = document.createElement("textarea")
    field.value = text
    field.readOnly = true
    field.className = "hp-unseen"
    // In the dialog that is open: nothing outside of it can be selected.
    place.append(field)
    field.select()
    document.execCommand("copy")
    field.remove()
    if (focused) focused.focus()
  }
}

/* What a button copies: its own text, or that of the elements which it names, or of what stands before its line. */
const wanted = ({ dataset, parentElement }) =>
  dataset.copy ||
  (dataset.copyOf ? [...document.querySelectorAll(dataset.copyOf)] : [parentElement.previousElementSibling])
    .map((element) => element.innerText.trim())
    .join("\n")

every("[data-copy], [data-copy-of], [data-copy-before]", (button) => {
  const words = button.querySelector("span")
  const label = words.textContent
  button.addEventListener("click", async () => {
    await copy(wanted(button))
    words.textContent = button.dataset.done
    announce(button.dataset.done)
    setTimeout(() => (words.textContent = label), 2500)
  })
})

/* Paper shows what stands behind a line, and the screen then what it showed before. */
let opened = []
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("main details:not([open], .hp-data, .hp-toc details)")]
  opened.forEach((details) => (details.open = true))
})
addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)))

every("[data-print]", (button) => {
  button.hidden = !window.print
  button.addEventListener("click", () => window.print())
})

/* A page can have hundreds of measures: the mark beside each comes with the script that it needs. It lies beside the
   heading without moving anything. */
const citing = document.querySelector("[data-cite-dialog]")
every(".hp-measure-title", (heading) => {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "hp-cite"
  button.dataset.cite = ""
  button.setAttribute("aria-label", citing.dataset.of + heading.textContent)
  heading.after(button)
})

/* Citing is fetched when something is first cited. One listener serves the hundreds of buttons of a long page. */
const cite = (event) => event.target.closest("[data-cite]")
addEventListener("pointerover", (event) => {
  const button = cite(event)
  if (button) button.title = button.getAttribute("aria-label")
})
addEventListener("click", async (event) => {
  const button = cite(event)
  if (!button) return
  try {
    const citing = await import("./cite.js")
    citing.open(button, copy, announce)
  } catch (offline) {
    // Its address is still worth having: it then stands in the bar above the page.
    location.hash = button.dataset.cite || button.previousElementSibling.id
  }
})

/* The search is fetched when it is first opened, the filters only where there is a list to filter. */
every("[data-search]", (link) => {
  if (!window.HTMLDialogElement || !window.Worker) return
  link.setAttribute("role", "button")
  link.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault()
      link.click()
    }
  })
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    try {
      const search = await import("./search.js")
      search.open(link)
    } catch (offline) {
      location.href = link.href
    }
  })
})

if (document.querySelector("[data-filter]")) import("./filter.js").then((filter) => filter.start(announce))
if (document.querySelector("[data-table]")) import("./rows.js").then((rows) => rows.start(announce))
