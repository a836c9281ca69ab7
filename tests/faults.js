// What is wrong with how the page stands there, as lines "kind: words". Run in the page, at its present width. It knows
// no class of the engine but those that hide text or quote it: each kind is a rule that any element may break.
() => {
  const found = new Set()
  const say = (kind, ...what) => found.add(`${kind}: ${what.map((w) => w.replace(/\s+/g, " ").trim().slice(0, 48)).join(" | ")}`)
  const styles = new Map()
  const styleOf = (e) => styles.get(e) ?? (styles.set(e, getComputedStyle(e)), styles.get(e))
  const px = (text) => parseFloat(text) || 0
  const isChinese = document.documentElement.lang.startsWith("zh")
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true })

  // The part of the page through which an element is seen: what its ancestors clip is not there.
  const windows = new Map()
  const windowOf = (e) => {
    if (!e || e === document.documentElement) return [-1e6, -1e6, 1e6, 1e6]
    if (windows.has(e)) return windows.get(e)
    let seenThrough = styleOf(e).position === "fixed" ? windowOf(null) : windowOf(e.parentElement)
    if (e !== document.body && (styleOf(e).overflowX !== "visible" || styleOf(e).clipPath !== "none") && !(e instanceof SVGElement)) {
      const { left, top, right, bottom } = e.getBoundingClientRect()
      seenThrough =
        styleOf(e).clipPath !== "none"
          ? [0, 0, 0, 0]
          : [Math.max(left, seenThrough[0]), Math.max(top, seenThrough[1]), Math.min(right, seenThrough[2]), Math.min(bottom, seenThrough[3])]
    }
    windows.set(e, seenThrough)
    return seenThrough
  }
  const clipped = (e, l, t, r, b) => {
    const w = windowOf(e)
    return [Math.max(l, w[0]), Math.max(t, w[1]), Math.min(r, w[2]), Math.min(b, w[3])]
  }

  const blockOf = (e) => {
    while (e && /^inline$|contents/.test(styleOf(e).display)) e = e.parentElement
    return e
  }

  // Every line of every text: the box of its ink, not of its line.
  const texts = []
  const lines = []
  const range = document.createRange()
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode
    const e = node.parentElement
    if (!node.data.trim() || e.closest("script, style, template, option, noscript") || !seen(e)) continue
    range.selectNodeContents(node)
    const rects = [...range.getClientRects()].filter((r) => r.width > 1 && r.height > 1)
    if (!rects.length || rects[0].right < 0) continue
    const text = { node, e, rects, size: px(styleOf(e).fontSize), drawing: e.closest("svg") }
    if (text.drawing) text.size *= e.getScreenCTM().a
    texts.push(text)
    for (const r of rects) {
      const middle = (r.top + r.bottom) / 2
      const half = Math.min(r.height / 2, text.size * 0.4)
      const [l, t, right, b] = clipped(e, r.left + 1, middle - half, r.right - 1, middle + half)
      if (right > l && b > t) lines.push({ text, l, t, r: right, b, words: node.data })
    }
  }

  // Text over text, over a drawing or over a field.
  const marks = []
  for (const e of document.querySelectorAll("svg, img, input, select, textarea, button")) {
    if (!seen(e) || (e.matches("svg") && e.querySelector("text")) || e.closest("svg svg")) continue
    const box = e.getBoundingClientRect()
    const [l, t, r, b] = clipped(e.parentElement, box.left + 1, box.top + 1, box.right - 1, box.bottom - 1)
    if (r > l && b > t && r > 0) marks.push({ mark: e, l, t, r, b, words: e.tagName.toLowerCase() + " " + (e.getAttribute("aria-label") ?? e.getAttribute("class") ?? "") })
  }
  const boxes = [...lines, ...marks].sort((a, b) => a.t - b.t)
  const within = (outer, inner) => outer.mark?.contains(inner.mark ?? inner.text.e)
  boxes.forEach((a, i) => {
    for (let j = i + 1; j < boxes.length && boxes[j].t < a.b - 1; j++) {
      const b = boxes[j]
      if ((a.text && a.text === b.text) || within(a, b) || within(b, a)) continue
      if (Math.min(a.r, b.r) - Math.max(a.l, b.l) > 1.5 && Math.min(a.b, b.b) - Math.max(a.t, b.t) > 1.5) say("overlap", a.words, b.words)
    }
  })

  // Words of two blocks beside each other, which read as one word.
  const flowOf = (e) => {
    while (/^inline|contents/.test(styleOf(e).display) && !/grid|flex/.test(styleOf(e.parentElement).display)) e = e.parentElement
    return e
  }
  boxes.forEach((a, i) => {
    for (let j = i + 1; j < boxes.length && boxes[j].t < a.b; j++) {
      const b = boxes[j]
      if (!a.text || !b.text || a.text.drawing || b.text.drawing || flowOf(a.text.e) === flowOf(b.text.e)) continue
      const [left, right] = a.l < b.l ? [a, b] : [b, a]
      if (!/[\p{L}\d%]\s*$/u.test(left.words) || !/^\s*[\p{L}\d]/u.test(right.words)) continue
      const gap = right.l - left.r - 2
      if (Math.min(a.b, b.b) - Math.max(a.t, b.t) > (a.b - a.t) / 2 && gap > -4 && gap < 3) say("no gap between words", left.words, right.words)
    }
  })

  // In a drawing: a line that crosses a word without a ground of its own.
  for (const line of document.querySelectorAll("svg line")) {
    if (!seen(line) || styleOf(line).stroke === "none") continue
    const box = line.getBoundingClientRect()
    for (const t of texts) {
      if (t.drawing !== line.closest("svg") || styleOf(t.e).paintOrder.startsWith("stroke")) continue
      for (const r of t.rects) {
        const half = t.size * 0.36
        const middle = (r.top + r.bottom) / 2
        if (Math.min(r.right - 1, box.right) - Math.max(r.left + 1, box.left) >= 0 && Math.min(middle + half, box.bottom) - Math.max(middle - half, box.top) >= 0) say("line through a word", t.node.data)
      }
    }
  }

  // Words and dates that stand on more than one line, though one would hold them; headings that break at a hyphen.
  const places = (node, start, end) => {
    range.setStart(node, start)
    range.setEnd(node, end)
    return [...range.getClientRects()].filter((r) => r.width > 0.5)
  }
  const split = (node, start, end) => {
    const rects = places(node, start, end)
    return rects.length > 1 && rects.some((r) => Math.abs(r.top - rects[0].top) > r.height / 2) && rects
  }
  const room = (e) => {
    const block = blockOf(e)
    return block.clientWidth - px(styleOf(block).paddingLeft) - px(styleOf(block).paddingRight) - px(styleOf(block).textIndent)
  }
  const DATES = /\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日|\d{4}-\d\d-\d\d|\d{1,2}:\d\d(?:[–至]\d{1,2}:\d\d)?/gu
  for (const { node, e, rects, drawing } of texts) {
    if (drawing || rects.length < 2 || e.closest("code, pre, textarea, a[href^=mailto]")) continue
    const { data } = node
    // Addresses and numbers of samples or documents are no words.
    const addresses = [...data.matchAll(/\S*(?:https?:|www\.|@|\/)\S*|[\w-]*\d[\w-]*/g)].map((m) => [m.index, m.index + m[0].length])
    const inAddress = (at) => addresses.some(([from, to]) => from <= at && at < to)
    for (const { index, 0: word } of data.matchAll(/\p{Script=Latin}[\p{Script=Latin}\u2019]+/gu)) {
      const parts = !inAddress(index) && split(node, index, index + word.length)
      // With the marks that stick to it.
      const from = index - data.slice(0, index).match(/[^\s\p{L}]*$/u)[0].length
      const to = index + word.length + data.slice(index + word.length).match(/^[^\s\p{L}]*/u)[0].length
      if (parts && places(node, from, to).reduce((sum, r) => sum + r.width, 0) < room(e) - 1) say("broken word", word, data)
    }
    // What a person or a document wrote in whole sentences breaks as Chinese does.
    if (!e.closest("blockquote, [class*=clause], .hp-quote"))
      for (const { index, 0: date } of data.matchAll(DATES)) {
        const parts = !/[\w/]-?$/.test(data.slice(0, index)) && split(node, index, index + date.length)
        if (parts && parts.reduce((sum, r) => sum + r.width, 0) < room(e) - 1) say("broken date", date, data)
      }
    if (e.closest("h1, h2, h3, h4, h5, h6"))
      for (const { index, 0: pair } of data.matchAll(/\p{L}[-\u2010](?=\p{L})/gu)) {
        if (split(node, index, index + pair.length + 1)) say("heading broken at a hyphen", data.slice(Math.max(0, index - 16), index + 16))
      }
  }

  // The sentence below the main heading is read first: in Chinese, too, its lines end between words.
  const first = document.querySelector("h1")?.parentElement.querySelectorAll("h1 ~ p:not([lang])")
  if (isChinese && innerWidth >= 768)
    for (const p of first ?? [])
      for (const text of texts.filter((t) => p.contains(t.e) && t.rects.length > 1))
        for (const { segment, index, isWordLike } of new Intl.Segmenter("zh", { granularity: "word" }).segment(text.node.data))
          if (isWordLike && /^\p{Script=Han}{2,}$/u.test(segment) && split(text.node, index, index + segment.length)) say("first sentence broken in a word", segment, text.node.data)

  // Chinese has no blanks between its characters and marks.
  if (isChinese)
    for (const block of new Set(texts.filter((t) => !t.drawing).map((t) => blockOf(t.e)))) {
      if (block.closest("code, pre, [lang]:not(html, [lang^=zh])") || /grid|flex/.test(styleOf(block).display)) continue
      const m = block.innerText.match(/.{0,8}[、，。；：（“《][ \t\u3000]+[\p{Script=Han}\d“《].{0,8}|.{0,8}\p{Script=Han}[ \t\u3000]+[、，。；：）”》].{0,8}/u)
      if (m) say("blank beside a mark", m[0])
    }

  // Small text.
  // The smallest screen is one of 1280 pixels at 400 %, where the letters of a drawing are four times as large.
  for (const { node, size, drawing } of texts) if (size < (drawing && innerWidth < 360 ? 10.99 : 11.99)) say("small text", `${size.toFixed(1)} px`, node.data)

  // Things of one kind in one row have one height and one place.
  const boxed = (e) => {
    const s = styleOf(e)
    return px(s.borderTopLeftRadius) > 0 && (!/^rgba\(.*, 0\)$/.test(s.backgroundColor) || px(s.borderTopWidth) > 0)
  }
  const direct = (e) => (e.childElementCount === 1 && !boxed(e) && e.firstElementChild ? e.firstElementChild : e)
  for (const row of document.querySelectorAll("ul, ol, p, div, dd")) {
    const chips = [...row.children].map(direct).filter((e) => !e.matches("input, svg, img") && seen(e) && boxed(e) && e.getBoundingClientRect().height < 80)
    for (let i = 1; i < chips.length; i++) {
      const [a, b] = [chips[i - 1], chips[i]].map((e) => e.getBoundingClientRect())
      if (!a.width || !b.width || Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) < a.height / 2) continue
      const oneLine = (e) => {
        const rects = texts.filter((t) => e.contains(t.e)).flatMap((t) => t.rects)
        return rects.every((r) => Math.abs(r.bottom - rects[0].bottom) < r.height / 2)
      }
      if (styleOf(chips[i - 1]).fontSize !== styleOf(chips[i]).fontSize || !oneLine(chips[i]) || !oneLine(chips[i - 1])) continue
      if (Math.abs(a.top - b.top) > 0.6 || Math.abs(a.height - b.height) > 0.6) say("uneven chips", chips[i - 1].textContent, chips[i].textContent, `${(b.top - a.top).toFixed(1)} ${(b.height - a.height).toFixed(1)}`)
    }
  }
  // Words of one size in one row of links stand on one line.
  for (const row of document.querySelectorAll("nav ol, nav ul")) {
    const words = texts.filter((t) => row.contains(t.e) && t.rects.length === 1)
    for (let i = 1; i < words.length; i++) {
      const [a, b] = [words[i - 1], words[i]]
      const [top, other] = [a.rects[0], b.rects[0]]
      if (Math.abs(a.size - b.size) < 0.1 && Math.abs(top.top - other.top) < top.height / 2 && Math.abs(top.bottom - other.bottom) > 1) say("uneven links", a.node.data, b.node.data)
    }
  }

  // Marks of the state of a record: at one place in every row of a list, or right behind the words.
  for (const list of document.querySelectorAll("main ul, main ol")) {
    const at = new Map()
    for (const item of list.children) {
      const badges = [...item.querySelectorAll("[class*=badge]")].filter((e) => seen(e) && !e.parentElement.closest("[class*=badge], li ul, li ol, dl, h1, h2, h3, h4"))
      if (!badges.length) continue
      const [box, own] = [badges[0].getBoundingClientRect(), item.getBoundingClientRect()]
      const words = texts.filter((t) => item.contains(t.e) && !badges[0].contains(t.e)).flatMap((t) => t.rects.map((r) => [r, t.size]))
      const behind = words.some(([r, size]) => Math.abs(r.top + r.bottom - box.top - box.bottom) < 2 * size && r.right <= box.left + 1 && box.left - r.right < 1.2 * size)
      const begins = words.some(([r]) => Math.abs(r.left - box.left) < 1)
      const ends = own.right - badges.at(-1).getBoundingClientRect().right < 2 * px(styleOf(item).paddingRight) + 2
      if (!behind && !begins && !ends) at.set(Math.round(box.left - own.left), item.textContent)
    }
    if (at.size > 1) say("badges at different places", ...[...at].slice(0, 3).map(([x, words]) => `${x} ${words}`))
  }

  // One measure: texts, lists of facts, figures and notices below each other have one greatest width.
  const measures = new Map()
  for (const e of document.querySelectorAll("article > *, article > div > *, article section > *")) {
    if (!seen(e) || e.matches("h1 ~ *, nav, .hp-hero *")) continue
    const width = styleOf(e).maxWidth
    if (width !== "none" && width !== "100%" && styleOf(e).float === "none" && e.getBoundingClientRect().width >= px(width) - 1) measures.set(Math.round(px(width)), `${e.tagName.toLowerCase()}.${e.className} ${width}`)
  }
  if (measures.size > 1) say("several measures", ...measures.values())

  // A field shows all of what it suggests, and has one cross.
  const canvas = document.createElement("canvas").getContext("2d")
  for (const field of document.querySelectorAll("input")) {
    if (!seen(field)) continue
    if (field.placeholder) {
      const s = styleOf(field)
      canvas.font = `${s.fontWeight} ${s.fontSize} ${s.fontFamily}`
      if (canvas.measureText(field.placeholder).width > field.clientWidth - px(s.paddingLeft) - px(s.paddingRight)) say("placeholder cut", field.placeholder)
    }
    // A browser tells nothing of the style of its own cross: the sheets do.
    const own = "::-webkit-search-cancel-button"
    const hides = (rule) => rule.selectorText?.endsWith(own) && rule.style.display === "none" && field.matches(rule.selectorText.replace(own, ""))
    const hidden = [...document.styleSheets].some((sheet) => [...sheet.cssRules].some(hides))
    if (field.type === "search" && field.form?.querySelector("button:not([type=reset])") && !hidden) say("two crosses", field.placeholder)
  }

  // Contents of few entries say nothing that the page does not.
  for (const nav of document.querySelectorAll("main nav"))
    if (seen(nav)) {
      const links = [...nav.querySelectorAll("a")]
      if (links.length && links.length < 4 && links.every((a) => a.getAttribute("href").startsWith("#"))) say("contents of few entries", nav.textContent)
    }

  // On a phone a form does not push away what it filters.
  if (innerWidth < 640)
    for (const form of document.querySelectorAll("main form")) if (seen(form) && form.getBoundingClientRect().height > 200) say("tall form", `${Math.round(form.getBoundingClientRect().height)} px`)

  // Cards beside each other are not half empty.
  for (const grid of document.querySelectorAll("main ul, main ol, main div"))
    if (/grid|flex/.test(styleOf(grid).display))
      for (const item of grid.children) {
        const card = direct(item)
        if (!seen(card) || !boxed(card)) continue
        const box = card.getBoundingClientRect()
        const inside = lines.filter((l) => card.contains(l.text.e)).concat(marks.filter((m) => card.contains(m.mark) && m.mark !== card))
        if (!inside.length) continue
        const [from, to] = [Math.min(...inside.map((l) => l.t)), Math.max(...inside.map((l) => l.b))]
        if (box.bottom - to - (from - box.top) > Math.max(140, 0.4 * box.height)) say("half-empty card", card.textContent)
      }
  return [...found]
}
