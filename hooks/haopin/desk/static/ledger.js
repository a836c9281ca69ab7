// The ledger as a grid: moving between cells by keyboard, and cells pasted from a spreadsheet. The server reads them.

const grid = document.querySelector("[data-grid]")
const chinese = document.documentElement.lang.startsWith("zh")
let edited = false

const cells = () => [...grid.querySelectorAll("[data-row][data-column]")]

/** Move the focus by rows and columns, past cells that are not to be filled in. */
function move(from, rows, columns) {
  const row = from.closest("tr")
  if (columns) {
    const inputs = [...row.querySelectorAll("[data-row][data-column]")]
    return select(inputs[inputs.indexOf(from) + columns])
  }
  let next = row
  do next = rows > 0 ? next.nextElementSibling : next.previousElementSibling
  while (next && !next.querySelector(`[data-column="${from.dataset.column}"]`))
  return select(next?.querySelector(`[data-column="${from.dataset.column}"]`))
}

function select(cell) {
  if (!cell) return false
  cell.focus()
  cell.select?.()
  return true
}

/** Whether the cursor is where an arrow leads out of the cell. */
function leaves(cell, key) {
  if (cell.tagName === "SELECT") return key === "ArrowLeft" || key === "ArrowRight"
  const { selectionStart: start, selectionEnd: end, value } = cell
  const whole = start === 0 && end === value.length
  if (key === "ArrowLeft") return whole || (start === 0 && end === 0)
  if (key === "ArrowRight") return whole || (start === value.length && end === value.length)
  if (key === "ArrowUp") return !value.slice(0, start).includes("\n")
  return !value.slice(end).includes("\n")
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

function keys(event) {
  const cell = event.target.closest("[data-row][data-column]")
  if (!cell || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault()
    move(cell, 1, 0)
  } else if (event.key in STEPS && !event.shiftKey && leaves(cell, event.key) && move(cell, ...STEPS[event.key])) {
    event.preventDefault()
  }
}

/** Several cells go to the server, which fills the grid and says what it has not understood. */
async function paste(event) {
  const cell = event.target.closest?.("[data-row][data-column]")
  const text = event.clipboardData?.getData("text/plain") ?? ""
  if (!cell) return
  if (!/[\t\n]/.test(text.replace(/\r?\n$/, ""))) {
    if (cell.tagName === "SELECT") choose(cell, text.trim(), event)
    return
  }
  event.preventDefault()
  grid.elements.pasted.value = text
  grid.elements.paste_row.value = cell.dataset.row
  grid.elements.paste_column.value = cell.dataset.column
  const sent = new URLSearchParams(new FormData(grid))
  sent.set("do", "paste")
  const id = cell.id
  grid.setAttribute("aria-busy", "true")
  try {
    const answer = await fetch(grid.action, { method: "POST", body: sent })
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    const fresh = page.querySelector("[data-grid-state]")
    if (!fresh) throw new Error(String(answer.status))
    grid.querySelector("[data-grid-state]").replaceWith(fresh)
    for (const name of ["warned"]) grid.elements[name].value = page.querySelector(`[data-grid] [name=${name}]`).value
    edited = true
    document.getElementById(id)?.focus()
  } catch {
    alert(chinese ? "编辑台没有应答，请看它的窗口" : "The desk does not answer; look at its window")
  } finally {
    grid.removeAttribute("aria-busy")
  }
}

function choose(cell, word, event) {
  const option = [...cell.options].find((each) => each.text === word || each.value === word)
  if (!option) return
  event.preventDefault()
  cell.value = option.value
  edited = true
}

/** Silence in milliseconds after which what is typed is kept as a draft. */
const SILENCE = 1500
let timer = 0

function keep() {
  edited = true
  clearTimeout(timer)
  timer = setTimeout(() => {
    const sent = new URLSearchParams(new FormData(grid))
    sent.set("do", "draft")
    fetch(grid.action, { method: "POST", body: sent }).catch(() => {})
  }, SILENCE)
}

if (grid) {
  grid.addEventListener("keydown", keys)
  grid.addEventListener("paste", paste)
  grid.addEventListener("input", keep)
  grid.addEventListener("submit", () => {
    clearTimeout(timer)
    edited = false
  })
  addEventListener("beforeunload", (event) => {
    if (edited) event.preventDefault()
  })
}
