/* Runs before anything is drawn, so that a visitor's choice of colours never flashes, and what needs scripts has its
   place from the start. */
document.documentElement.dataset.scripts = "on"
try {
  const chosen = localStorage.getItem("haopin-scheme")
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.scheme = chosen
} catch (blocked) {
  /* No memory: the machine's own scheme holds. */
}
