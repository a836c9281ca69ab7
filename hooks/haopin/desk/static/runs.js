// Follows what runs in the background; without scripts, the page loads itself again.

/** Milliseconds between two looks. */
const EVERY = 1000

/** The page, without a query that asks for more than it needs, unless it names another address. */
const address = document.querySelector("[data-run]")?.dataset.at ?? location.pathname

async function look() {
  const answer = await fetch(address, { cache: "no-store" })
  if (!answer.ok) throw new Error(String(answer.status))
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  const fresh = page.querySelector("[data-run]")
  const shown = document.querySelector("[data-run]")
  if (fresh?.dataset.run !== "running") {
    // Everything else may have changed as well.
    location.assign(address)
    return
  }
  const words = (section, name) => section.querySelector(name)
  words(shown, "progress").value = words(fresh, "progress").value
  // Only what changed is replaced: the button keeps the focus, and nothing is read out twice.
  for (const name of [".phases", ".output"]) {
    const before = words(shown, name)
    const after = words(fresh, name)
    if (before && after) before.replaceWith(after)
    else if (after) words(shown, ".phases").after(after)
  }
  later()
}

function later() {
  setTimeout(() => look().catch(later), EVERY)
}

if (document.querySelector("[data-run]")?.dataset.run === "running") later()
