/* Passing on a page, or one measure, figure, target or clause of it: its address to be copied, sent or scanned, the picture
   of the page, and the citation for those who need it. Fetched when it is first asked for. All that it shows comes from the
   page: words of the dialog from a template in the shell, the rest from the button and the citation of the page. Nothing is
   ever taken for HTML. */
import { fill, spoken } from "./spoken.js"

const { content, dataset: words } = document.querySelector("[data-cite-dialog]")
const canonical = document.querySelector("link[rel=canonical]").href
/* The address of the page as it is shown to people, whose host may be in Chinese; links have another form of it. */
const shown = document.querySelector(".hp-citation [data-site]").nextSibling.textContent
const part = (name) => document.querySelector(`.hp-citation [data-${name}]`).textContent
const meta = (name) => document.querySelector(`meta[property="${name}"]`)?.content || ""
let dialog, opener, found

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

/** Return the same of the page itself, which also has a picture. */
const whole = () => ({
  title: meta("og:title") || document.title,
  way: "",
  address: canonical,
  text: document.querySelector(".hp-citation").textContent,
  pictured: true,
})

function build(copy) {
  dialog = content.cloneNode(true).querySelector("dialog")
  // The template has no heading: an empty one is none.
  dialog.querySelector("form").prepend(document.createElement("h2"))
  const picture = dialog.querySelector("figure")
  // A copy that was taken along in a folder has no pictures of pages.
  if (picture && location.protocol === "file:") picture.remove()
  else if (picture) picture.querySelector("img").alt = meta("og:image:alt")
  document.body.append(dialog)
  const status = dialog.querySelector("[role=status]")
  for (const button of dialog.querySelectorAll("[data-take]")) {
    const label = button.querySelector("span")
    const usual = label.textContent
    let wait
    button.addEventListener("click", async () => {
      await copy(found[button.dataset.take], dialog)
      label.textContent = words.done
      // Said again when it is done again.
      status.textContent = ""
      setTimeout(() => (status.textContent = words.done), 50)
      clearTimeout(wait)
      wait = setTimeout(() => {
        label.textContent = usual
        status.textContent = ""
      }, 2500)
    })
  }
  const send = dialog.querySelector("[data-send]")
  send.hidden = !navigator.share
  // A visitor may turn back: that is no error.
  send.addEventListener("click", () => navigator.share({ title: found.title, url: found.address }).catch(() => {}))
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close())
  // Some browsers do not focus a button that is pressed, and then know nothing to go back to.
  dialog.addEventListener("close", () => opener.focus())
}

/** Draw the code of the address; without it, the sheet is as good as before. */
const draw = async (frame, address) => {
  frame.textContent = ""
  frame.hidden = true
  const { drawn } = await import("./qr.js")
  const code = drawn(address, words.code)
  if (!code || address !== found.address) return
  fill(frame, [code])
  frame.hidden = false
}

export async function open(button, copy, announce) {
  found = "share" in button.dataset ? whole() : cited(button)
  if (!window.HTMLDialogElement) {
    await copy(found.address)
    announce(words.done)
    if (found.way) location.href = found.way
    return
  }
  if (!dialog) build(copy)
  opener = button
  dialog.setAttribute("aria-label", words.of + found.title)
  fill(dialog.querySelector("h2"), spoken(found.title))
  dialog.querySelector("[role=status]").textContent = ""
  dialog.querySelector(".hp-share-sheet-address").textContent = found.address
  fill(dialog.querySelector(".hp-share-sheet-text"), spoken(found.text))
  dialog.querySelector("details").open = false
  const picture = dialog.querySelector("figure")
  if (picture) picture.hidden = !found.pictured
  const drawing = draw(dialog.querySelector(".hp-share-sheet-code"), found.address).catch(() => {})
  // Nothing moves once it is open, unless the code is long in coming.
  await Promise.race([drawing, new Promise((late) => setTimeout(late, 300))])
  dialog.showModal()
}
