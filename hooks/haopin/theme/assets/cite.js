/* Citing one measure, figure, target or clause: its address and its citation, each to be copied. Fetched when it is first
   asked for. All that it shows comes from the page: words of the dialog from a template in the shell, the rest from the
   button and the citation of the page. Nothing is ever taken for HTML. */
import { fill, spoken } from "./spoken.js"

const { content, dataset: words } = document.querySelector("[data-cite-dialog]")
const canonical = document.querySelector("link[rel=canonical]").href
/* The address of the page as it is shown to people, whose host may be in Chinese; links have another form of it. */
const shown = document.querySelector(".hp-citation [data-site]").nextSibling.textContent
const part = (name) => document.querySelector(`.hp-citation [data-${name}]`).textContent
let dialog, opener, wait

/** Return the name that stands in the middle of a citation: what `Citations.item` does. */
const named = (title) =>
  words.item
    .replace("{title}", () => title.replace(/[:;,\uff1a\uff1b\uff0c\u3002\u3001 ]+$/, "").replace(/\u201c/g, "\u2018").replace(/\u201d/g, "\u2019"))
    .replace(/([.?!\u2026])\.\u201d/, "$1\u201d")

/** Return what `button` stands beside: its title, its way within the site, its address, its citation. */
const cited = (button) => {
  const title = button.getAttribute("aria-label").slice(words.of.length)
  const way = button.dataset.cite || `#${button.previousElementSibling.id}`
  const address = new URL(way, canonical).href
  const holder = button.closest("[data-cite-place]")
  const place = holder ? holder.dataset.citePlace : part("place")
  const gap = document.documentElement.lang.startsWith("zh") ? "\uff0c" : " "
  const read = address.replace(new URL(canonical).origin, () => shown.split("/", 3).join("/"))
  return { title, way, address, text: place + named(title) + gap + part("site") + read }
}

function build(copy) {
  dialog = content.cloneNode(true).querySelector("dialog")
  // The template has no heading: an empty one is none.
  dialog.querySelector("form").prepend(document.createElement("h2"))
  document.body.append(dialog)
  const status = dialog.querySelector("[role=status]")
  for (const button of dialog.querySelectorAll(".hp-button")) {
    button.addEventListener("click", async () => {
      await copy(button.previousElementSibling.textContent, dialog)
      // Said again when it is done again.
      status.textContent = ""
      setTimeout(() => (status.textContent = words.done), 50)
      clearTimeout(wait)
      wait = setTimeout(() => (status.textContent = ""), 4000)
    })
  }
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close())
  // Some browsers do not focus a button that is pressed, and then know nothing to go back to.
  dialog.addEventListener("close", () => opener.focus())
}

export async function open(button, copy, announce) {
  const found = cited(button)
  if (!window.HTMLDialogElement) {
    await copy(found.address)
    announce(words.done)
    location.href = found.way
    return
  }
  if (!dialog) build(copy)
  opener = button
  dialog.setAttribute("aria-label", button.getAttribute("aria-label"))
  const [link, text] = dialog.querySelectorAll("h3 + p")
  fill(dialog.querySelector("h2"), spoken(found.title))
  dialog.querySelector("[role=status]").textContent = ""
  link.textContent = found.address
  fill(text, spoken(found.text))
  dialog.showModal()
}
