// Reads {name: script} and prints [name, line, what] for all that browsers of the floor (docs/dev/decisions.md: Chromium 80,
// Firefox 78, Safari 14) lack: syntax after ES2020, newer methods and globals, newer selectors in strings. A global that
// is asked for as `window.NAME` is a guard, not a use.
import { readFileSync } from "node:fs"
import { parse } from "acorn"

const methods = new Set(
  ("at replaceAll replaceChildren findLast findLastIndex toSorted toReversed toSpliced with groupBy hasOwn any " +
    "checkVisibility requestSubmit showPopover hidePopover togglePopover setHTMLUnsafe getHTML moveBefore isWellFormed " +
    "randomUUID startViewTransition timeout intersection union difference fromAsync withResolvers showPicker").split(" "),
)
const globals = new Set(
  ("structuredClone WeakRef FinalizationRegistry AggregateError reportError requestIdleCallback cookieStore navigation " +
    "scheduler CompressionStream Sanitizer URLPattern Temporal Iterator BroadcastChannel OffscreenCanvas SharedWorker").split(" "),
)
const selectors = /:(?:is|where|has|focus-visible)\b|:not\([^)]*,/

const found = []
for (const [name, source] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  const tell = (node, what) => found.push([name, node.loc.start.line, what])
  const walk = (node, parent, key) => {
    if (node.type === "CallExpression" && node.callee.type === "MemberExpression") {
      const called = node.callee.property.name
      if (methods.has(called)) tell(node.callee.property, `.${called}()`)
      const options = node.arguments[2]
      if (called === "addEventListener" && options?.type === "ObjectExpression")
        for (const { key } of options.properties) if (key.name === "signal") tell(key, "addEventListener signal")
    }
    if (node.type === "Identifier" && globals.has(node.name) && !(parent.type === "MemberExpression" && key === "property")) tell(node, node.name)
    if (node.type === "Literal" && node.regex && /\(\?<[=!]/.test(node.regex.pattern)) tell(node, "lookbehind")
    const text = node.type === "TemplateElement" ? node.value.raw : node.type === "Literal" && typeof node.value === "string" ? node.value : ""
    if (selectors.test(text)) tell(node, `selector ${text.match(selectors)[0]}`)
    for (const [key, value] of Object.entries(node))
      for (const child of Array.isArray(value) ? value : [value]) if (child && typeof child.type === "string") walk(child, node, key)
  }
  try {
    walk(parse(source, { ecmaVersion: 2020, sourceType: "module", locations: true }), {}, "")
  } catch (error) {
    if (!error.loc) throw error
    found.push([name, error.loc.line, error.message])
  }
}
console.log(JSON.stringify(found))
