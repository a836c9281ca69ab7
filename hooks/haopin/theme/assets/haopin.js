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

/** Choose the value of a setting (empty: the usual one) for this page, and for those to come if that can be kept. */
const choose = (name, value) => {
  if (value) page.dataset[name] = value
  else delete page.dataset[name]
  try {
    if (value) localStorage.setItem(`haopin-${name}`, value)
    else localStorage.removeItem(`haopin-${name}`)
  } catch (blocked) {
    /* The choice then holds for this page only. */
  }
}

/* Settings of the display. Each switch says whether it is on and how to turn it; scheme.js knows what was chosen. */
/* Easy view has a script of its own; where that does not come, the page is as readable without. */
const easy = () => import("./easy.js").then(({ show }) => show(page.dataset.mode), () => {})
const switches = {
  scheme: [isDark, () => choose("scheme", isDark() ? "light" : "dark")],
  mode: [() => page.dataset.mode === "elder", () => (choose("mode", page.dataset.mode ? "" : "elder"), easy())],
  contrast: [() => page.dataset.contrast === "high", () => choose("contrast", page.dataset.contrast === "high" ? "usual" : "high")],
}
const BIGGEST = 3
const step = () => Number(page.dataset.text || 0)
/* The step that a button leads to; that of the usual size says 0. */
const after = ({ dataset: { textStep } }) => (textStep === "0" ? 0 : Math.max(0, Math.min(BIGGEST, step() + Number(textStep))))
const showSettings = () => {
  for (const [name, [isOn]] of Object.entries(switches)) every(`[data-${name}-switch]`, (button) => button.setAttribute("aria-pressed", isOn()))
  every("[data-text-step]", (button) => {
    // Not disabled: whoever presses it with the keyboard must not lose their place.
    button.setAttribute("aria-disabled", after(button) === step())
  })
}
for (const [name, [, turn]] of Object.entries(switches)) {
  every(`[data-${name}-switch]`, (button) =>
    button.addEventListener("click", () => {
      turn()
      showSettings()
    }),
  )
}
every("[data-text-step]", (button) =>
  button.addEventListener("click", () => {
    choose("text", after(button) ? String(after(button)) : "")
    showSettings()
    announce(button.parentElement.dataset.now.replace("{n}", Math.round(parseFloat(getComputedStyle(document.body).fontSize))))
  }),
)
if (dark.addEventListener) dark.addEventListener("change", showSettings)
showSettings()
if (page.dataset.mode) easy()

/* The settings stand in the page below its head and cover nothing. */
every("[data-display]", (button) => {
  const panel = document.getElementById(button.getAttribute("aria-controls"))
  const show = (open) => {
    panel.hidden = !open
    button.setAttribute("aria-expanded", open)
  }
  button.addEventListener("click", () => show(panel.hidden))
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return
    show(false)
    button.focus()
  })
})

/* The menu of a phone opens without scripts; Escape closes it where one is. */
every(".hp-top", (top) => {
  const opener = top.querySelector(".hp-opener")
  top.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !opener.open || event.target.closest(".hp-display")) return
    opener.open = false
    opener.firstElementChild.focus()
  })
})

/* The pages of a section stand in a line that scrolls sideways: the current one is in sight. */
every(".hp-local [aria-current]", (link) => {
  const line = link.closest("ul")
  line.scrollLeft = link.offsetLeft - (line.clientWidth - link.offsetWidth) / 2
})

/* The other language of a page opens at the same part of it, with the same filter or search. Display settings are kept for
   all pages. An address may name a part that a page does not have, as where its own words name it: then none is named. */
const part = () => {
  try {
    return document.getElementById(decodeURIComponent(location.hash.slice(1))) && location.hash
  } catch (malformed) {
    return ""
  }
}
if (location.hash && !part()) history.replaceState(null, "", location.pathname + location.search)
if (document.querySelector("link[rel=canonical]")) {
  every("a.hp-language", (link) => {
    const follow = () => {
      link.search = location.search
      link.hash = part() || ""
    }
    // Before it is followed, opened in another tab or copied, by whatever means.
    for (const kind of ["pointerdown", "focus", "click"]) link.addEventListener(kind, follow)
  })
}

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

/* Pages are made anew each night. Where that stopped some days ago, the foot of the page says so: by the calendar of the
   county, and only as far as this device knows the date. One night may fail; a date before that of the page is wrong. */
const TOO_OLD = 3
every("[data-as-of]", (line) => {
  const { asOf, zone, behind } = line.dataset
  try {
    // The Swedish way of writing a date is that of the attribute.
    const today = new Date().toLocaleDateString("sv", { timeZone: zone })
    const days = (Date.parse(today) - Date.parse(asOf)) / 86400000
    if (days >= TOO_OLD) line.textContent = behind.replace("{n}", days)
  } catch (old) {
    /* A browser without time zones cannot tell. */
  }
})

/* Paper shows what stands behind a line, and the screen then what it showed before. */
let opened = []
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("main details:not([open])")].filter((details) => !details.matches(".hp-data, .hp-toc details"))
  opened.forEach((details) => (details.open = true))
})
addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)))

every("[data-print]", (button) => {
  button.hidden = !window.print
  button.addEventListener("click", () => window.print())
})

/* A page can have hundreds of measures: the button in the fold of each comes with the script that it needs, and so does the
   drawing in every such button. */
const citing = document.querySelector("[data-cite-dialog]")
const sharing = document.querySelector("[data-share]")
every(".hp-measure-title", (heading) => {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "hp-share-mark"
  button.dataset.cite = `#${heading.id}`
  button.setAttribute("aria-label", citing.dataset.of + heading.textContent)
  button.append(sharing.querySelector("span").cloneNode(true))
  heading.parentElement.querySelector(".hp-fold").append(button)
})
every("[data-cite]", (button) => button.prepend(sharing.querySelector("svg").cloneNode(true)))

/* An address that names a measure, or a report on it, opens what is folded there. */
const unfold = () => {
  const named = document.getElementById(location.hash.slice(1))
  const row = named && named.closest(".hp-measure")
  const fold = row ? row.querySelector(".hp-fold") : named && named.closest("details")
  if (!fold || fold.open) return
  fold.open = true
  named.scrollIntoView()
}
addEventListener("hashchange", unfold)
unfold()

/* The sheet for passing on is fetched when something is first passed on. One listener serves the hundreds of buttons of a
   long page. */
const shared = (event) => event.target.closest("[data-cite], [data-share]")
addEventListener("pointerover", (event) => {
  const button = shared(event)
  if (button && "cite" in button.dataset) button.title = button.getAttribute("aria-label")
})
addEventListener("click", async (event) => {
  const button = shared(event)
  if (!button) return
  try {
    const sheet = await import("./share.js")
    await sheet.open(button, copy, announce)
  } catch (offline) {
    // The address is still worth having: that of a part then stands in the bar above the page, and the citation of the
    // page where it stands without scripts.
    if ("cite" in button.dataset) location.hash = button.dataset.cite || button.previousElementSibling.id
    else delete page.dataset.dialogs
  }
})

/* So is what is said before one leaves for a site of others. A new tab leaves this page where it is. */
addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-leave]")
  if (!link || !window.HTMLDialogElement || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  try {
    const leaving = await import("./leave.js")
    leaving.open(link)
  } catch (offline) {
    location.href = link.href
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
  if (link.matches(".hp-tool--search") && /[?&]q=/.test(location.search)) link.click()
})

if (document.querySelector("[data-filter]")) import("./filter.js").then((filter) => filter.start(announce))
if (document.querySelector("[data-table]")) {
  // On a slow network somebody may press the button before its script has come.
  const more = document.querySelector("[data-rows-more]")
  let pressed = false
  const press = () => (pressed = true)
  more.addEventListener("click", press)
  import("./rows.js").then((rows) => {
    more.removeEventListener("click", press)
    rows.start(announce)
    if (pressed) more.click()
  })
}
