/* What is said before one leaves for a site that is no government's. Fetched at the first such link. */
let dialog, opener

function build() {
  dialog = document.querySelector("[data-leave-dialog]").content.cloneNode(true).querySelector("dialog")
  dialog.setAttribute("aria-label", dialog.querySelector("h2").textContent)
  document.body.append(dialog)
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close())
  // Some browsers do not focus a link that is pressed, and then know nothing to go back to.
  dialog.addEventListener("close", () => opener.focus())
  // Whoever comes back with the browser's button finds the page as it was.
  dialog.querySelector("a").addEventListener("click", () => setTimeout(() => dialog.close()))
}

export function open(link) {
  if (!dialog) build()
  opener = link
  dialog.querySelector("code").textContent = link.dataset.leave || link.href
  const onward = dialog.querySelector("a")
  onward.href = link.href
  onward.rel = link.rel
  dialog.showModal()
}
