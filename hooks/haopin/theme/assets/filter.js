/* Filters above a list. A row is an element with `data-row`; what a filter compares stands in data attributes of the
   row or of the groups around it, several values apart by spaces. Groups without a row left are hidden. */

const form = document.querySelector("[data-filter]")
const list = document.querySelector("[data-list]")
const fold = (text) => text.normalize("NFKC").toLowerCase()

/** A long list goes over several pages: all its rows are needed before one can say what is not there. */
async function complete() {
  const more = [...document.querySelectorAll("[data-more]")].map((link) => link.href)
  for (const address of more) {
    const answer = await fetch(address)
    const other = new DOMParser().parseFromString(await answer.text(), "text/html")
    for (const link of other.querySelectorAll("[data-list] a[href]")) link.href = new URL(link.getAttribute("href"), address).href
    const rows = [...other.querySelectorAll("[data-list] > [data-rows]")].map((child) => document.adoptNode(child))
    document.querySelector("[data-pager]").before(...rows)
  }
  document.querySelectorAll("[data-pager]").forEach((pager) => pager.remove())
}

function values(row, name) {
  const found = []
  for (let element = row; element !== list; element = element.parentElement) found.push(...(element.dataset[name] || "").split(" "))
  return found
}

/** Whether a row has what is asked: some words of its text, a day from which on it is dated, or one of its values. */
function fits(row, name, value) {
  if (name === "words") return fold(value).split(/\s+/).every((word) => fold(row.textContent).includes(word))
  return name === "since" ? row.dataset.since >= value : values(row, name).includes(value)
}

export function start(announce) {
  const count = form.querySelector("[data-count]")
  const empty = document.querySelector("[data-empty]")
  const template = count.dataset.count
  let whole = null

  const apply = () => {
    const wanted = [...new FormData(form)].filter(([, value]) => value.trim())
    let shown = 0
    for (const row of list.querySelectorAll("[data-row]")) {
      row.hidden = !wanted.every(([name, value]) => fits(row, name, value))
      shown += !row.hidden
    }
    for (const group of [...list.querySelectorAll("[data-rows]")].reverse()) group.hidden = !group.querySelector("[data-row]:not([hidden])")
    const text = template.replace("{n}", shown)
    count.textContent = text
    empty.hidden = shown > 0
    announce(text)
    const query = new URLSearchParams(wanted).toString()
    history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash)
  }

  const change = async () => {
    whole = whole || complete()
    await whole
    apply()
  }

  let waiting
  form.addEventListener("input", () => {
    clearTimeout(waiting)
    waiting = setTimeout(change, 150)
  })
  form.addEventListener("submit", (event) => event.preventDefault())
  form.addEventListener("reset", () => setTimeout(change))
  const asked = new URLSearchParams(location.search)
  for (const field of form.elements) {
    if (!field.name || !asked.get(field.name)) continue
    if (field.type === "checkbox") field.checked = field.value === asked.get(field.name)
    else field.value = asked.get(field.name)
  }
  // Somebody may have chosen before this script came, and browsers put back what was chosen before.
  const chosen = [...new FormData(form)].some(([, value]) => value.trim())
  if (chosen || [...asked.keys()].some((name) => form.elements[name])) {
    const folded = form.closest("details")
    if (folded) folded.open = true
    change()
  }
}
