/* What easy view does beyond its styles: it reads the page aloud, where the device has a voice for its language, and
   words do not lead to the glossary. */

const voices = window.speechSynthesis
const main = document.querySelector("main")
// What is not read: what is to be pressed, drawn, compared or copied, and ways to other pages.
const SILENT = "nav, button, form, label, select, figure, svg, code, pre, dialog, template, .hp-data, .hp-leaf, .hp-chip, .hp-why > summary, .hp-history > summary, [aria-hidden=true]"
// Where a sentence ends; a point within a number ends none.
const END = /([!?\u2026\u3002\uff01\uff1b\uff1f]+["'\u201d\u2019)\uff09\u300d]*|\.["'\u201d\u2019)]*(?=\s))/g

const tagOf = (voice) => voice.lang.replace(/_/g, "-").toLowerCase()

/** The voice for a language: of Chinese, never a Cantonese one. */
function voiceFor(tag) {
  const language = tag.split("-")[0]
  const fit = voices.getVoices().filter((voice) => tagOf(voice).split("-")[0].replace("cmn", "zh") === language && !/^zh-.*hk/.test(tagOf(voice)))
  const rank = (voice) => 4 * /^(zh-cn|zh-hans|cmn|en-us)/.test(tagOf(voice)) + 2 * voice.localService + voice.default
  return fit.sort((a, b) => rank(b) - rank(a))[0]
}

// What a fold hides has boxes in some browsers. (checkVisibility would be too new.)
const shown = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility === "visible" && !element.closest("details:not([open]) > :not(summary)")

/** The sentences of the page in their order, each with its block and language. */
function sentences() {
  // The home page of easy view is a menu, and read as one.
  const from = [...main.querySelectorAll(".hp-hero h1, .hp-easy")].filter(shown)
  const roots = from.length > 1 ? from : [main.querySelector(".hp-article")]
  const parts = []
  for (const root of roots) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const { data, parentElement: element } = walker.currentNode
      const silent = element.closest(SILENT)
      if ((silent && silent !== root) || !shown(element)) continue
      let block = element
      while (/^(inline|inline-flex|contents)$/.test(getComputedStyle(block).display)) block = block.parentElement
      const { lang } = element.closest("[lang]")
      const last = parts[parts.length - 1]
      if (last && last.block === block && last.lang === lang) last.text += data
      else if (data.trim()) parts.push({ block, lang, text: data })
    }
  }
  return parts.flatMap(({ block, lang, text }) =>
    text
      .replace(/\s+/g, " ")
      .replace(END, "$1\n")
      .split("\n")
      .map((sentence) => ({ block, lang, text: sentence.trim() }))
      .filter((part) => /[\p{L}\p{N}]/u.test(part.text)),
  )
}

let bar, start, stop, words
// What is read, which of it is next (-1: nothing), and which speaking is the current one: an old one may still report.
let [list, at, spoken] = [[], -1, 0]
let paused = false

function mark(block) {
  for (const old of main.querySelectorAll(".hp-heard")) old.classList.remove("hp-heard")
  if (!block) return
  block.classList.add("hp-heard")
  const { top, bottom } = block.getBoundingClientRect()
  if (top < 0 || bottom > innerHeight - bar.offsetHeight) block.scrollIntoView({ block: bottom - top < innerHeight / 2 ? "center" : "start" })
}

function tell() {
  start.lastChild.textContent = words[at < 0 ? 0 : paused ? 2 : 1]
  stop.hidden = at < 0
}

/** One sentence at a time: long speech breaks off in some browsers, and pausing it fails in others. */
function speak() {
  const mine = (spoken += 1)
  let voice
  while (at < list.length && !(voice = voiceFor(list[at].lang))) at += 1
  if (at >= list.length) return quiet()
  const { block, text, lang } = list[at]
  const said = Object.assign(new SpeechSynthesisUtterance(text), { lang, voice, rate: 0.9 })
  said.onend = said.onerror = () => {
    if (mine !== spoken) return
    at += 1
    speak()
  }
  mark(block)
  voices.speak(said)
}

function quiet() {
  spoken += 1
  ;[at, paused] = [-1, false]
  voices.cancel()
  mark()
  // Whoever pressed it with the keyboard must not lose their place.
  if (document.activeElement === stop) start.focus()
  tell()
}

function press() {
  if (at < 0) [list, at] = [sentences(), 0]
  else if (!paused) {
    paused = true
    spoken += 1
    voices.cancel()
    return tell()
  }
  paused = false
  tell()
  speak()
}

function button(act) {
  const made = document.createElement("button")
  made.type = "button"
  made.className = "hp-button"
  made.append(document.createElement("span"))
  made.addEventListener("click", act)
  return made
}

function offer() {
  if (bar) return
  words = document.querySelector("[data-read]").dataset.read.split("|")
  ;[start, stop] = [button(press), button(quiet)]
  stop.lastChild.textContent = words[3]
  bar = document.createElement("div")
  bar.className = "hp-reader"
  bar.setAttribute("role", "group")
  bar.setAttribute("aria-label", words[0])
  bar.append(start, stop)
  // First of the page for the keyboard; on the screen it lies at its foot and moves nothing.
  main.prepend(bar)
  tell()
}

/** Voices may come late. */
const ready = () => {
  if (document.documentElement.dataset.mode && voiceFor(document.documentElement.lang)) offer()
}
if (voices && window.SpeechSynthesisUtterance) {
  if (voices.addEventListener) voices.addEventListener("voiceschanged", ready)
  else voices.onvoiceschanged = ready
  addEventListener("pagehide", () => bar && quiet())
  addEventListener("keydown", (event) => event.key === "Escape" && at >= 0 && quiet())
}

/** Begin or end easy view. */
export function show(on) {
  for (const term of document.querySelectorAll("a.hp-term")) {
    if (on) term.dataset.to = term.getAttribute("href") || term.dataset.to
    if (on) term.removeAttribute("href")
    else term.href = term.dataset.to
  }
  if (!voices) return
  if (on) ready()
  else if (bar) {
    quiet()
    bar.remove()
    bar = null
  }
}
