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
const { dataset: look, textContent: told } = content.querySelector("[data-poster]")
const facts = JSON.parse(told)
let dialog, opener, found

/** Return the name that stands in the middle of a citation: what `Citations.item` does. */
const named = (title) =>
  words.item
    .replace("{title}", () => title.replace(/[:;,\uff1a\uff1b\uff0c\u3002\u3001 ]+$/, "").replace(/\u201c/g, "\u2018").replace(/\u201d/g, "\u2019"))
    .replace(/([.?!\u2026])\.\u201d/, "$1\u201d")

/** Return where something is from: `place`, the site, and the date of the data. */
const source = (place) => (place + part("site")).replace(/[\s,.\uff0c\u3002]+$/, "")

/** Return what the poster says of the part at `anchor`, whose words stand in the page or are those of another. */
const posted = (anchor, here) => {
  const own = facts.parts?.[here ? anchor : `targets/#${anchor}`] || {}
  const states = facts.states?.split(" ") || []
  const state = states[own.at]
  const said = { kind: [facts.kind, meta("og:title")].filter(Boolean).join(" \u00b7 "), who: facts.who, at: own.at, ...own, forms: facts.forms, states: state ? states : [], own: state, state: facts.words?.[state] }
  const holder = here ? document.getElementById(anchor)?.closest("li, .hp-card") : null
  const translation = holder?.querySelector(".hp-translation")?.textContent
  const quote = holder?.querySelector(".hp-quote")?.textContent
  return { ...said, quote: translation || quote, original: translation && quote }
}

/** Return what `button` stands beside: its title, its way within the site, its address, its citation. */
const cited = (button) => {
  const title = button.getAttribute("aria-label").slice(words.of.length)
  const way = button.dataset.cite || `#${button.previousElementSibling.id}`
  const address = new URL(way, canonical).href
  const holder = button.closest("[data-cite-place]")
  const place = holder ? holder.dataset.citePlace : part("place")
  const gap = document.documentElement.lang.startsWith("zh") ? "\uff0c" : " "
  const read = address.replace(new URL(canonical).origin, () => shown.split("/", 3).join("/"))
  const poster = { ...posted(way.split("#")[1], way.startsWith("#")), source: source(place) }
  return { title, way, address, poster, text: place + named(title) + gap + part("site") + read }
}

/** Return the same of the page itself. */
const whole = () => ({
  title: meta("og:title") || document.title,
  way: "",
  address: canonical,
  text: document.querySelector(".hp-citation").textContent,
  poster: { ...facts, states: facts.states?.split(" ") || [], source: source(part("place")) },
})

function build(copy) {
  dialog = content.cloneNode(true).querySelector("dialog")
  // The template has no heading: an empty one is none.
  dialog.querySelector("form").prepend(document.createElement("h2"))
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

/** Draw the poster; without it, too, the sheet is as good as before. */
const post = async (frame, save) => {
  const { title, address, poster } = found
  frame.hidden = save.hidden = true
  const { drawn } = await import("./poster.js")
  const image = frame.querySelector("img") || new Image(1080, 1440)
  const [main, on, good, warn, late] = look.colours.split(" ")
  const said = { ...poster, kind: poster.kind === title ? "" : poster.kind, marks: [...new Set([...(facts.marks || []), ...(poster.marks || [])])], title, address, site: document.querySelector(".hp-brand-name").textContent, scan: look.scan }
  const colours = { main, on, good, warn, late }
  const picture = await drawn(said, { colours, mark: document.querySelector(".hp-brand img").src, hero: look.hero })
  if (address !== found.address) return
  image.src = save.href = picture
  image.alt = [...said.marks, said.kind, title, said.figure, said.fact, said.state, said.note, said.count].filter(Boolean).join(" \u00b7 ")
  frame.prepend(image)
  save.download = `${title.replace(/[\\/:*?"<>|\s]+/g, " ").trim()}.png`
  frame.hidden = save.hidden = false
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
  const drawing = draw(dialog.querySelector(".hp-share-sheet-code"), found.address).catch(() => {})
  // Nothing moves once it is open, unless code or poster are long in coming.
  const posting = post(dialog.querySelector("figure"), dialog.querySelector("[data-save]")).catch(() => {})
  await Promise.race([Promise.all([drawing, posting]), new Promise((late) => setTimeout(late, 800))])
  dialog.showModal()
}
