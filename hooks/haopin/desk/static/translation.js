// Terms and translations from elsewhere, put where one writes.

const zh = document.documentElement.lang.startsWith("zh")

for (const offer of document.querySelectorAll("[data-offer]")) {
  const field = document.getElementById(offer.dataset.offer)
  const button = document.createElement("button")
  button.type = "button"
  button.className = "link"
  button.textContent = zh ? "\u7528\u5b83" : "Use"
  const what = document.createElement("span")
  what.className = "unseen"
  what.textContent = ` ${offer.textContent}`
  button.append(what)
  button.addEventListener("click", () => {
    const [start, end] = "whole" in offer.dataset ? [0, field.value.length] : [field.selectionStart, field.selectionEnd]
    field.focus()
    field.setRangeText(offer.textContent, start, end, "end")
    field.dispatchEvent(new Event("input", { bubbles: true }))
  })
  offer.after(" ", button)
}

// What was written is not lost by a slip.
const form = document.querySelector("main form")
let dirty = false
form?.addEventListener("input", () => (dirty = true))
form?.addEventListener("submit", () => (dirty = false))
addEventListener("beforeunload", (event) => dirty && event.preventDefault())
