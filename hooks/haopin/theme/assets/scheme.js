/* Runs before anything is drawn, so that a visitor's choice of colours, mode and size never flashes, and what needs
   scripts has its place from the start. What can be chosen: haopin.js. */
// A browser without this has not what the scripts need either: its visitors get the page as it is without them.
if (window.Promise && Promise.allSettled) document.documentElement.dataset.scripts = "on"
// What a dialog shows need not stand in the page as well.
if (window.HTMLDialogElement) document.documentElement.dataset.dialogs = "on"
try {
  const choices = { scheme: ["dark", "light"], mode: ["elder"], contrast: ["high", "usual"], text: ["1", "2", "3"] }
  for (const name in choices) {
    const chosen = localStorage.getItem("haopin-" + name)
    if (choices[name].includes(chosen)) document.documentElement.dataset[name] = chosen
  }
} catch (blocked) {
  /* No memory: the machine's own settings hold. */
}
if (!document.documentElement.dataset.contrast && matchMedia("(prefers-contrast: more)").matches) document.documentElement.dataset.contrast = "high"
