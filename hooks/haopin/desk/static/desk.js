// What makes the forms of the desk pleasant; all but the preview works without it, too.

const form = document.querySelector("[data-form]")
const beside = document.querySelector("[data-beside]")
const zh = document.documentElement.lang.startsWith("zh")
const say = (chinese, english) => (zh ? chinese : english)

// --- While typing: problems beside their fields, the difference in words, the page as it would be

/** Silence in milliseconds after which a form is checked. */
const SILENCE = 40
/** Bytes of files that are sent while somebody types. */
const MOST = 10_000_000
let timer = 0
let isAsking = false
let asksAgain = false
let shown = { root: beside?.dataset.root ?? "", address: beside?.dataset.address ?? "", number: 0 }
let side = ""
let dirty = false

/** A new form is not red before anything was written: problems show where somebody has been. */
const isNew = form?.dataset.check.endsWith("/new/check") ?? false
const visited = new Set()

function later(event) {
  // Letters of a Chinese word that is still being chosen are no text yet.
  if (event?.isComposing) return
  dirty = true
  if (event?.target.name) visited.add(event.target.name.split(".")[0])
  clearTimeout(timer)
  timer = setTimeout(check, SILENCE)
}

/** One question at a time: the desk answers each in full, and answers that nobody waits for would delay the last. */
async function check() {
  asksAgain = isAsking
  if (isAsking) return
  isAsking = true
  const data = new FormData(form)
  if (dirty) data.set("typed", "1")
  // Large files are checked when they are saved.
  const files = [...data].filter(([, value]) => value instanceof File)
  const isLarge = files.reduce((sum, [, file]) => sum + file.size, 0) > MOST
  for (const [name, file] of files) if (isLarge || !file.size) data.delete(name)
  status(say("正在检查…", "Checking …"))
  try {
    const answer = await fetch(form.dataset.check, { method: "POST", body: data })
    if (!answer.ok) throw new Error(String(answer.status))
    const found = await answer.json()
    if (!asksAgain) show(found)
  } catch {
    status(say("编辑台没有应答，请看它的窗口", "The desk does not answer; look at its window"))
  }
  isAsking = false
  if (asksAgain) await check()
}

/** Open what the address leads to, and what has a problem: items of long lists are folded. */
function unfold(element) {
  for (let at = element?.closest("details"); at; at = at.parentElement.closest("details")) at.open = true
}

function target() {
  const element = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (!element) return
  unfold(element)
  element.querySelector("details.part-of")?.setAttribute("open", "")
  element.scrollIntoView({ block: "center" })
}
addEventListener("hashchange", target)

function status(words) {
  for (const place of form.querySelectorAll("[data-status]")) place.textContent = words
}

function show(found) {
  const count = Object.values(found.problems).flat().length
  for (const place of form.querySelectorAll("[data-said]")) said(place, found)
  for (const field of form.querySelectorAll("[aria-describedby]")) {
    const name = field.getAttribute("aria-describedby").split(" ").at(-1).replace(/-said$/, "")
    const wrong = document.getElementById(`${name}-said`)?.querySelector(".wrong")
    field.toggleAttribute("aria-invalid", Boolean(wrong))
    if (wrong) {
      field.setAttribute("aria-invalid", "true")
      unfold(field)
    }
  }
  for (const field of form.querySelectorAll(":scope [data-field-name]")) {
    const name = field.dataset.fieldName
    if (!name.includes(".")) field.hidden = found.hidden.includes(name) && !filled(field)
  }
  const elsewhere = found.problems[""] ?? []
  status(
    [count ? say(`还要填或改 ${count} 处`, `to fill in or fix: ${count}`) : say("可以保存", "Ready to be saved"), ...elsewhere].join(" · "),
  )
  changes(found.differences)
  if (found.preview) {
    shown = { root: found.preview, address: found.address, number: found.number }
    look()
  }
}

function said(place, found) {
  const name = place.dataset.said
  const hides = isNew && !visited.has(name.split(".")[0])
  place.replaceChildren(
    ...(hides ? [] : (found.problems[name] ?? [])).map((words) => line(words, "wrong")),
    ...(found.warnings[name] ?? []).map((words) => line(words, "warn")),
  )
  place.hidden = !place.children.length
}

function line(words, kind) {
  const element = document.createElement("p")
  element.className = kind
  element.textContent = words
  return element
}

function filled(field) {
  return [...field.querySelectorAll("input, textarea, select")].some((input) => input.type !== "hidden" && input.value)
}

function changes(found) {
  const place = beside?.querySelector("[data-changes]")
  if (!place) return
  if (!found.length) return place.replaceChildren(document.createTextNode(place.dataset.none))
  const table = document.createElement("table")
  table.className = "changes"
  const head = table.createTHead().insertRow()
  for (const words of place.dataset.heads.split("|")) {
    const cell = document.createElement("th")
    cell.scope = "col"
    cell.textContent = words
    head.append(cell)
  }
  for (const each of found) {
    const row = table.insertRow()
    for (const [tag, words] of [["", each.label], ["del", each.before], ["ins", each.after]]) {
      const inner = tag ? document.createElement(tag) : null
      const cell = row.insertCell()
      if (inner) cell.append(inner)
      ;(inner ?? cell).textContent = words
    }
  }
  place.replaceChildren(table)
}

// The address of a frame is replaced, not followed, so that the browser's way back leads out of the form.
function look() {
  const view = beside?.querySelector("[data-view]")
  if (!view || !shown.root || !shown.address) return
  const [path, anchor] = shown.address.split("#")
  const address = `${shown.root}${side}${path}?n=${shown.number}${anchor ? `#${anchor}` : ""}`
  view.contentWindow.location.replace(address)
}

if (beside) {
  for (const button of beside.querySelectorAll("[data-side]"))
    button.addEventListener("click", () => {
      side = button.dataset.side
      press(button, "[data-side]")
      look()
    })
  for (const button of beside.querySelectorAll("[data-width]"))
    button.addEventListener("click", () => {
      const view = beside.querySelector(".view")
      view.classList.toggle("is-phone", button.dataset.width === "phone")
      view.classList.toggle("is-desktop", button.dataset.width === "desktop")
      press(button, "[data-width]")
      fit()
    })
  for (const switches of beside.querySelectorAll("[data-switches]")) switches.hidden = false
  beside.querySelector(".view").classList.add("is-phone")
  addEventListener("resize", fit)
}

if (form && beside) {
  beside.hidden = false
  beside.querySelector(".view").hidden = !beside.dataset.address
  form.addEventListener("input", later)
  form.addEventListener("change", later)
  form.addEventListener("compositionend", later)
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault()
  })
  // The difference is beside the form: no page in between.
  form.addEventListener("submit", (event) => {
    dirty = false
    if (event.submitter?.hasAttribute("data-save") || event.submitter?.value === "save") event.submitter.value = "save!"
  })
  check().then(() => (dirty = false))
}

function press(button, all) {
  for (const each of beside.querySelectorAll(all)) each.setAttribute("aria-pressed", String(each === button))
}

/** A page for a desktop is drawn at 1200 pixels and made smaller. */
function fit() {
  const view = beside.querySelector(".view")
  const frame = view.querySelector("iframe")
  const isDesktop = view.classList.contains("is-desktop")
  const scale = isDesktop ? (view.clientWidth - 34) / 1200 : 1
  const style = frame.style
  style.width = isDesktop ? "1200px" : ""
  style.height = isDesktop ? `${640 / scale}px` : ""
  style.transform = isDesktop ? `scale(${scale})` : ""
  style.marginBottom = isDesktop ? `${640 - 640 / scale}px` : ""
  style.marginRight = isDesktop ? `${view.clientWidth - 1200}px` : ""
}

// --- Lists: add, remove and move items in place

let number = 1000

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-add], [data-remove], [data-move]")
  if (!button || !form?.contains(button)) return
  event.preventDefault()
  const item = button.closest(".item")
  if (button.dataset.add) {
    const list = button.closest("[data-list]")
    const template = list.querySelector(`:scope > template[data-new="${CSS.escape(button.dataset.add)}"]`)
    const made = document.createElement("div")
    made.append(template.content.cloneNode(true))
    const depth = button.dataset.add.split(".").length
    renumber(made, button.dataset.add, String(number++), depth)
    const added = made.firstElementChild
    list.querySelector(":scope > .items").append(added)
    ready(added)
    added.querySelector("input:not([type=hidden]), textarea, select")?.focus()
  } else if (button.hasAttribute("data-remove")) {
    const next = item.nextElementSibling ?? item.previousElementSibling
    const list = item.closest("[data-list]")
    item.remove()
    ;(next?.querySelector("input:not([type=hidden]), textarea, select") ?? list.querySelector("[data-add]")).focus()
  } else {
    const other = button.dataset.move === "up" ? item.previousElementSibling : item.nextElementSibling
    if (other) button.dataset.move === "up" ? other.before(item) : other.after(item)
    button.focus()
  }
  later()
})

/** Give a new item its number: the first placeholder behind the name of its list. */
function renumber(root, name, given, depth) {
  const change = (text, separator) => {
    const parts = text.split(separator)
    if (parts[depth] === "__N__") parts[depth] = given
    return parts.join(separator)
  }
  const walk = (node) => {
    for (const element of node.querySelectorAll("*")) {
      for (const attribute of ["name", "data-said", "data-field-name", "data-new", "data-add", "data-list", "data-field"])
        if (element.hasAttribute(attribute)) element.setAttribute(attribute, change(element.getAttribute(attribute), "."))
      for (const attribute of ["id", "for", "aria-describedby", "data-toolbar", "data-into"])
        if (element.hasAttribute(attribute))
          element.setAttribute(
            attribute,
            element
              .getAttribute(attribute)
              .split(" ")
              .map((each) => each.replace(`${name.replaceAll(".", "-")}-__N__`, `${name.replaceAll(".", "-")}-${given}`))
              .join(" "),
          )
      if (element.value?.includes?.(`${name}.__N__`)) element.value = element.value.replace(`${name}.__N__`, `${name}.${given}`)
      if (element.tagName === "TEMPLATE") walk(element.content)
    }
  }
  walk(root)
}

// --- Inputs: candidates, days, Markdown, quotations, files

function ready(root) {
  for (const input of root.querySelectorAll("[data-choices]"))
    for (const event of ["input", "focus"]) input.addEventListener(event, candidates)
  for (const input of root.querySelectorAll(".day > input")) days(input)
  for (const place of root.querySelectorAll("[data-toolbar]")) toolbar(place)
  for (const button of root.querySelectorAll("[data-quote]")) {
    button.hidden = false
    button.addEventListener("click", () => quote(button))
  }
}

/** The id at the end of what is shown of a reference. */
const idOf = (words) => words.replace(/^.*[（(]([a-z0-9/-]+)[)）]\s*$/, "$1")

async function candidates(event) {
  const input = event.target
  const list = input.list
  if (!list || [...list.options].some((option) => option.value === input.value)) return
  const query = new URLSearchParams({ field: input.dataset.field, q: input.value })
  // Which clauses there are depends on the document, which entries can be corrected on the measure or target.
  for (const part of ["document", "measure", "target"]) {
    const near = form.elements[[...input.name.split(".").slice(0, -1), part].join(".")]
    if (near && near !== input) query.set(part, idOf(near.value))
  }
  const answer = await fetch(`${input.dataset.choices}?${query}`)
  if (!answer.ok) return
  const found = await answer.json()
  // Browsers compare what is typed with value and label: the label repeats it, so that pinyin finds, too.
  list.replaceChildren(
    ...found.map((words) => {
      const option = document.createElement("option")
      option.value = words
      option.label = `${words} ${input.value}`
      return option
    }),
  )
}

function days(input) {
  const picker = document.createElement("input")
  picker.type = "date"
  picker.tabIndex = -1
  picker.ariaHidden = "true"
  picker.className = "picker"
  const button = document.createElement("button")
  button.type = "button"
  button.className = "link"
  button.textContent = say("选日期", "Choose a day")
  button.addEventListener("click", () => {
    picker.value = input.value
    picker.showPicker?.()
  })
  picker.addEventListener("change", () => {
    input.value = picker.value
    input.dispatchEvent(new Event("input", { bubbles: true }))
  })
  picker.style.cssText = "position:absolute;width:1px;height:1px;min-height:0;padding:0;border:0;opacity:0"
  input.after(button, picker)
}

function toolbar(place) {
  const area = document.getElementById(place.dataset.toolbar)
  const kinds = [
    [say("标题", "Heading"), "\n## ", ""],
    [say("粗体", "Bold"), "**", "**"],
    [say("链接", "Link"), "[", "](https://)"],
    [say("列表", "List"), "\n- ", ""],
  ]
  place.hidden = false
  for (const [words, before, after] of kinds) {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "button quiet small"
    button.textContent = words
    button.addEventListener("click", () => {
      const { selectionStart: start, selectionEnd: end, value } = area
      area.setRangeText(`${before}${value.slice(start, end)}${after}`, start, end, "end")
      area.focus()
      area.dispatchEvent(new Event("input", { bubbles: true }))
    })
    place.append(button)
  }
  if (!form.querySelector('[data-add="evidence"]')) return
  const picker = document.createElement("input")
  picker.type = "file"
  picker.accept = ".jpg,.jpeg,.png"
  picker.hidden = true
  picker.addEventListener("change", () => picture(area, picker.files[0]))
  const button = document.createElement("button")
  button.type = "button"
  button.className = "button quiet small"
  button.textContent = say("图片", "Picture")
  button.addEventListener("click", () => picker.click())
  place.append(button, picker)
  for (const kind of ["paste", "drop"])
    area.addEventListener(kind, (event) => {
      const file = (event.clipboardData ?? event.dataTransfer)?.files[0]
      if (!file) return
      event.preventDefault()
      picture(area, file)
    })
}

/** Put a picture into a text: its file becomes evidence of the record, which is kept when the record is saved. */
async function picture(area, file) {
  if (!file) return
  const data = new FormData()
  data.set("file", file)
  const answer = await fetch("/evidence-name", { method: "POST", body: data })
  const found = await answer.json()
  if (!answer.ok) return alert(found.said)
  const said = prompt(say("图片里是什么（读给看不见图片的人听）", "What the picture shows, for those who cannot see it"), "")
  if (said === null) return
  form.querySelector('[data-add="evidence"]').click()
  const inputs = form.querySelectorAll('[data-list="evidence"] > .items input[type="file"]')
  const kept = new DataTransfer()
  kept.items.add(file)
  inputs[inputs.length - 1].files = kept.files
  const at = area.selectionEnd
  area.setRangeText(`\n\n![${said.replace(/[[\]]/g, "")}](/evidence/${found.name})\n\n`, at, at, "end")
  area.focus()
  area.dispatchEvent(new Event("input", { bubbles: true }))
}

async function quote(button) {
  const dialog = document.querySelector("[data-clause]")
  const into = document.getElementById(button.dataset.into)
  const own = into.name.replace(/\.zh$/, "").split(".").slice(0, -1)
  const value = (path) => idOf(form.elements[path.join(".")]?.value ?? "")
  let place = { document: "", id: "" }
  for (let depth = own.length; depth >= 0 && !place.id; depth--) {
    const base = [...own.slice(0, depth), button.dataset.quote]
    place = { document: value([...base, "document"]), id: value([...base, "id"]) }
  }
  const answer = await fetch(`/clause?${new URLSearchParams(place)}`)
  const found = answer.ok ? await answer.json() : {}
  const text = dialog.querySelector("[data-clause-text]")
  text.value = found.text ?? say("先写上条款出处（文件和条款的编号）。", "Give the document and the clause first.")
  // The dialog closes a moment later: who goes on by keys finds the words in their field already.
  dialog.querySelector("form").onsubmit = (event) => {
    const marked = found.text ? text.value.slice(text.selectionStart, text.selectionEnd).trim() : ""
    if (event.submitter?.value !== "quote" || !marked) return
    into.value = marked
    into.dispatchEvent(new Event("input", { bubbles: true }))
  }
  // Safari does not focus a button that is pressed, and would not come back to it.
  button.focus()
  dialog.showModal()
  // What is quoted already is marked.
  const at = into.value ? text.value.indexOf(into.value) : -1
  text.focus()
  text.setSelectionRange(Math.max(at, 0), at < 0 ? 0 : at + into.value.length)
}

// Files may be dropped on their field.
document.addEventListener("dragover", (event) => {
  const field = event.target.closest?.(".field:has(> input[type=file])")
  if (field) event.preventDefault()
})
document.addEventListener("drop", (event) => {
  const input = event.target.closest?.(".field")?.querySelector(":scope > input[type=file]")
  if (!input) return
  event.preventDefault()
  input.files = event.dataTransfer.files
  input.dispatchEvent(new Event("change", { bubbles: true }))
})

if (form) {
  ready(form)
  target()
}
