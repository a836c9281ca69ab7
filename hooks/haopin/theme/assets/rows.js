/* The table of a batch: all its rows are fetched when somebody asks for them, and shown a part at a time. */

const form = document.querySelector("[data-table]")
const table = document.querySelector("[data-rows-of]")
const more = document.querySelector("[data-rows-more]")
const STEP = 100
const fold = (text) => text.normalize("NFKC").toLowerCase()
const chinese = /\p{Script=Han}/u

export function start(announce) {
  const body = table.tBodies[0]
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent)
  const count = form.querySelector("[data-count]")
  const empty = document.querySelector("[data-empty]")
  const shownLine = document.querySelector("[data-shown]")
  const results = new Map([...form.elements.result.options].map((option) => [option.value, option.textContent]))
  const foreign = !document.documentElement.lang.startsWith("zh")
  let whole = null
  let fitting = []
  let shown = body.rows.length

  const load = () => (whole = whole || fetch(form.dataset.table).then((answer) => answer.json()))

  function line(row, columns) {
    const tr = document.createElement("tr")
    columns.slice(0, -1).forEach((name, index) => {
      const td = document.createElement("td")
      td.dataset.label = heads[index]
      const text = name === "result" ? results.get(row[index]) : row[index]
      if (name === "result") {
        // The mark and its form come from a row of the page, or from its pattern.
        const pattern = document.querySelector(`template[data-result="${row[index]}"]`)
        td.append(pattern.content.cloneNode(true))
      } else if (index === 0 && row[row.length - 1]) {
        const link = document.createElement("a")
        link.href = `${row[row.length - 1]}/`
        link.textContent = text
        td.append(link)
      } else {
        td.textContent = text
      }
      if (foreign && chinese.test(text)) td.lang = "zh-Hans"
      tr.append(td)
    })
    return tr
  }

  function show(columns, upTo) {
    shown = Math.min(upTo, fitting.length)
    body.textContent = ""
    body.append(...fitting.slice(0, shown).map((row) => line(row, columns)))
    more.hidden = shown === fitting.length
  }

  async function apply() {
    const { columns, rows } = await load()
    const words = fold(form.elements.words.value).split(/\s+/).filter(Boolean)
    const result = form.elements.result.value
    const at = columns.indexOf("result")
    fitting = rows.filter((row) => {
      if (result && row[at] !== result) return false
      if (!words.length) return true
      const text = fold(row.slice(0, -1).join(" "))
      return words.every((word) => text.includes(word))
    })
    show(columns, STEP)
    const text = count.dataset.count.replace("{n}", fitting.length)
    count.textContent = text
    shownLine.hidden = true
    empty.hidden = fitting.length > 0
    announce(text)
  }

  let waiting
  form.addEventListener("input", () => {
    clearTimeout(waiting)
    waiting = setTimeout(apply, 150)
  })
  form.addEventListener("submit", (event) => event.preventDefault())
  form.addEventListener("reset", () => setTimeout(apply))
  more.addEventListener("click", async () => {
    const { columns, rows } = await load()
    if (!fitting.length) fitting = rows
    shownLine.hidden = true
    const first = shown
    show(columns, shown + STEP)
    // Whoever reads with the keyboard goes on where the new rows begin.
    const row = body.rows[first]
    if (row) {
      row.tabIndex = -1
      row.focus()
    }
  })
  // Somebody may have chosen before this script came.
  if (form.elements.words.value.trim() || form.elements.result.value) apply()
}
