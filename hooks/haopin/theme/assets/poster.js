/* The poster: a vertical picture of what is passed on, drawn in the browser from what the page says, so that no file has it.
   It looks the same in light and dark. Fetched with the sheet that shows it. */
import { modules } from "./qr.js"

export const WIDTH = 1080
export const HEIGHT = 1440
const MARGIN = 84
const INSIDE = WIDTH - 2 * MARGIN
const FOOT = 300
const INK = "#1b2321"
const SOFT = "#53605c"
const LINE = "#d3dcd9"

/* The colours of states on a light page; their forms, in a square of 12 units, come with the page. */
const OUTLINE = "#84918d"
const COLOURS = { done: "good", routine: "good", "under-way": "main", suspended: "warn", late: "late" }

/* Characters that begin or end no line, and those after or before which one may break. */
const NO_START = /[\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff1f\uff01\uff09\u300b\u300d\u300f\u3011\u3015\u3009\u201d\u2019\u2026\u2014\u00b7\uff05%,.:;?!)\]}\u060c\u061b\u061f]/
const NO_END = /[\uff08\u300a\u300c\u300e\u3010\u3014\u3008\u201c\u2018([{\u2265\u2264]/
const WIDE = /[\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef]/
const UNIT = /[\u5e74\u6708\u65e5\u53f7\u9879\u6761\u4e2a]/

/** Return `text` divided where a line may break. */
export const pieces = (text) => {
  const found = []
  const words = text.trim().replace(/\s+/g, " ")
  // A word and its count, and a word before a colon, stay whole.
  const whole = [...words.matchAll(/[\u4e00-\u9fff]{1,6}(?: \d+|\uff1a)/g)].map((each) => [each.index, each.index + each[0].length])
  let before = ""
  let at = 0
  for (const char of words) {
    const within = whole.some(([start, end]) => start < at && at < end)
    at += char.length
    const kept = within || !before || char === " " || NO_START.test(char) || NO_END.test(before) || (/\d/.test(before) && UNIT.test(char)) || (UNIT.test(before) && /\d/.test(char)) || (before === " " && /\d/.test(char))
    if (!kept && (before === " " || before === "-" || WIDE.test(before) || WIDE.test(char))) found.push(char)
    else found.push((found.pop() || "") + char)
    before = char
  }
  return found
}

/** Return the lines of `text`, each at most `width` wide as `measure` tells. */
export const wrap = (text, width, measure) => {
  const lines = []
  let line = ""
  for (const piece of pieces(text)) {
    // What is wider than a line is divided anywhere.
    for (const part of measure(piece.trimEnd()) > width ? piece : [piece]) {
      if (line && measure((line + part).trimEnd()) > width) {
        lines.push(line.trimEnd())
        line = ""
      }
      line += part
    }
  }
  return line.trim() ? [...lines, line.trimEnd()] : lines
}

/** Return the lines of `text` of about one length, as many as `wrap` has. */
const balanced = (text, width, measure) => {
  const lines = wrap(text, width, measure)
  let narrow = width / 2
  let wide = width
  while (lines.length > 1 && wide - narrow > 4) {
    const middle = (narrow + wide) / 2
    if (wrap(text, middle, measure).length > lines.length) narrow = middle
    else wide = middle
  }
  return wrap(text, wide, measure)
}

/** Return the picture at `address`; null if it cannot be had, or would lock the canvas as files of a folder do. */
const loaded = async (address) => {
  if (!address || location.protocol === "file:") return null
  const image = new Image()
  image.src = address
  return image.decode().then(() => image, () => null)
}

/** Return the poster of what `said` tells, as the address of a picture; `colours`, `mark` and `hero` are the county's. */
export async function drawn(said, { colours, mark, hero }) {
  const canvas = document.createElement("canvas")
  canvas.width = WIDTH
  canvas.height = HEIGHT
  canvas.lang = document.documentElement.lang
  const pen = canvas.getContext("2d")
  const leftward = getComputedStyle(document.documentElement).direction === "rtl"
  const family = getComputedStyle(document.body).fontFamily
  pen.direction = leftward ? "rtl" : "ltr"
  pen.textAlign = "start"
  const [badge, hills] = await Promise.all([loaded(mark), loaded(hero)])

  /** Where something begins that is `at` from the beginning of a line, and `wide`. */
  const from = (at, wide = 0) => (leftward ? WIDTH - at - wide : at)
  const font = (size, bold) => (pen.font = `${bold ? 700 : 400} ${size}px ${family}`)
  const measure = (text) => pen.measureText(text).width
  /** Return a block of text in the first of `sizes` (each with the most lines in it) that it fits: it can be measured and
      written. */
  const block = (text, { sizes, bold = false, leading = 1.5, width = INSIDE, even = false, fill = INK }) => {
    if (!text) return { height: 0, write() {} }
    let lines, size, most
    for ([size, most] of sizes) {
      font(size, bold)
      lines = (even ? balanced : wrap)(text, width, measure)
      if (lines.length <= most) break
    }
    if (lines.length > most) {
      // In the smallest of them: cut, and said to be.
      let last = lines[most - 1]
      while (measure(`${last}\u2026`) > width) last = [...last].slice(0, -1).join("")
      lines = [...lines.slice(0, most - 1), `${last.replace(/[\s,;:\u3001\uff0c\uff1b]+$/, "")}\u2026`]
    }
    return {
      height: Math.round(lines.length * size * leading),
      write(x, y) {
        font(size, bold)
        pen.fillStyle = fill
        lines.forEach((line, i) => pen.fillText(line, from(x), y + size * (leading * i + leading / 2 + 0.36)))
      },
    }
  }
  const square = (state, x, y, pitch, faint) => {
    const colour = colours[COLOURS[state]]
    pen.save()
    pen.translate(x, y)
    pen.scale(pitch / 12, pitch / 12)
    pen.globalAlpha = faint ? 0.35 : 1
    pen.strokeStyle = colour || OUTLINE
    pen.fillStyle = colour || SOFT
    pen.lineWidth = 1
    pen.stroke(new Path2D("M1 1h10v10h-10z"))
    pen.fill(new Path2D(said.forms[state]), "evenodd")
    pen.restore()
  }

  // What is above, on the colour of the county.
  const on = colours.on
  const kind = block(said.kind, { sizes: [[40, 1], [34, 1], [32, 2]], leading: 1.4, fill: on })
  const title = block(said.title, { sizes: [[100, 1], [84, 1], [84, 2], [72, 2], [70, 3], [60, 3], [56, 4], [48, 6]], bold: true, leading: 1.28, even: true, fill: on })
  // What is below, on white.
  font(132, true)
  const large = said.figure ? Math.min(measure(said.figure), INSIDE) : 0
  const beside = large && large < INSIDE * 0.55
  const fact = block(said.fact, { sizes: [[42, 3], [38, 4], [34, 6]], width: beside ? INSIDE - large - 36 : INSIDE, bold: !said.figure })
  const quote = block(said.quote, { sizes: [[44, 4], [40, 5], [36, 6], [32, 7]], leading: 1.55, width: INSIDE - 40 })
  const original = block(said.original, { sizes: [[30, 4]], leading: 1.5, width: INSIDE - 40, fill: SOFT })
  // What was reported of this one stands below its state, or below the number.
  const dated = block((said.own || said.count) && said.note, { sizes: [[34, 2], [30, 3]], fill: SOFT })
  const state = block(said.state, { sizes: [[46, 1], [40, 2]], bold: true, width: INSIDE - (said.own ? 72 : 0) })
  const count = block(!said.own && (said.count || said.note), { sizes: [[34, 2], [30, 3]], fill: SOFT })
  const who = block(said.who, { sizes: [[34, 2], [30, 3], [26, 5]], fill: SOFT })
  const pitch = said.states.length > 22 * 9 ? 0 : 41
  const squares = Math.ceil(said.states.length / 22) * pitch
  const figure = large ? Math.max(150, beside ? fact.height : 150 + fact.height) : fact.height
  // Each part has its height, how it is written, and the rank by which it may be left out.
  const parts = [
    [figure, (y) => {
      if (!large) return fact.write(MARGIN, y)
      font(132, true)
      pen.lineWidth = 5
      pen.lineJoin = "round"
      pen.strokeStyle = pen.fillStyle = colours.main
      // A number that is promised is an outline; what has been reported is full.
      if (said.promised) pen.strokeText(said.figure, from(MARGIN), y + 118, INSIDE)
      else pen.fillText(said.figure, from(MARGIN), y + 118, INSIDE)
      fact.write(beside ? MARGIN + large + 36 : MARGIN, beside ? y + (figure - fact.height) / 2 : y + 150)
    }, 0],
    [said.own ? 0 : dated.height, (y) => dated.write(MARGIN, y), 1],
    [quote.height + (original.height && original.height + 18), (y) => {
      pen.fillStyle = colours.main
      pen.fillRect(from(MARGIN, 8), y + 6, 8, quote.height + (original.height && original.height + 18) - 12)
      quote.write(MARGIN + 40, y)
      original.write(MARGIN + 40, y + quote.height + 18)
    }, 3],
    [said.own ? state.height + dated.height : 0, (y) => {
      if (said.own) square(said.own, from(MARGIN - 3, 54), y + 6, 54)
      state.write(MARGIN + (said.own ? 72 : 0), y)
      dated.write(MARGIN, y + state.height)
    }, 1],
    [squares && squares + (count.height && count.height + 14), (y) => {
      said.states.forEach((each, i) => square(each, from(MARGIN - 3 + (i % 22) * pitch, pitch), y + Math.floor(i / 22) * pitch, pitch, said.at >= 0 && i !== said.at))
      count.write(MARGIN, y + squares + 14)
    }, said.own ? 5 : 2],
    [squares ? 0 : count.height, (y) => count.write(MARGIN, y), 2],
    [who.height, (y) => who.write(MARGIN, y), 4],
  ].filter(([height]) => height)
  const needed = () => parts.reduce((sum, [height]) => sum + height, 0) + 36 * (parts.length - 1)
  const head = 170 + (kind.height && kind.height + 8) + title.height + 40
  const room = HEIGHT - FOOT - head - 90
  // Too much: what matters least is said on the page.
  while (parts.length > 1 && needed() > room) {
    const last = Math.max(...parts.map(([, , rank]) => rank))
    parts.splice(parts.findIndex(([, , rank]) => rank === last), 1)
  }
  const spare = Math.max(0, room - needed())
  // The picture is seen whole where there is room for it.
  const tall = hills ? (WIDTH * 1.25 * hills.naturalHeight) / hills.naturalWidth : 0
  const band = head + Math.min(spare, Math.max(tall - 70, spare * 0.45))

  pen.fillStyle = "#fff"
  pen.fillRect(0, 0, WIDTH, HEIGHT)
  pen.fillStyle = colours.main
  pen.fillRect(0, 0, WIDTH, band)
  if (hills) {
    // The county's own picture, as wide as the poster and a little more, stands on the edge.
    pen.save()
    pen.beginPath()
    pen.rect(0, 0, WIDTH, band)
    pen.clip()
    // Where words stand before it, it is faint.
    pen.globalAlpha = band - tall * 0.85 < head - 60 ? 0.22 : 1
    pen.drawImage(hills, -WIDTH * 0.22, band - tall, WIDTH * 1.25, tall)
    pen.restore()
  }
  let x = MARGIN
  if (badge) {
    pen.drawImage(badge, from(x, 72), 62, 72, 72)
    x += 92
  }
  block(said.site, { sizes: [[44, 1], [38, 1], [32, 1]], bold: true, width: INSIDE - 92 - (said.marks.length ? 330 : 0), fill: on }).write(x, 64)
  let end = MARGIN
  for (const words of said.marks) {
    font(34, true)
    const wide = measure(words) + 44
    pen.fillStyle = "#fff"
    pen.beginPath()
    pen.rect(from(WIDTH - end - wide, wide), 66, wide, 62)
    pen.fill()
    block(words, { sizes: [[34, 1]], bold: true, width: wide, fill: colours.late }).write(WIDTH - end - wide + 22, 71)
    end += wide + 16
  }
  kind.write(MARGIN, 170)
  title.write(MARGIN, 170 + (kind.height && kind.height + 8))
  let y = band + 46
  const gap = parts.length > 1 ? Math.min(76, 36 + Math.max(0, HEIGHT - FOOT - 44 - y - needed()) / (parts.length - 1)) : 36
  for (const [height, write] of parts) {
    write(Math.round(y))
    y += height + gap
  }

  // The foot: how to get there.
  const top = HEIGHT - FOOT
  pen.fillStyle = LINE
  pen.fillRect(MARGIN, top, INSIDE, 2)
  const rows = modules(said.address)
  const side = 236
  if (rows) {
    const step = Math.floor(side / rows.length)
    const left = from(WIDTH - MARGIN - step * rows.length, step * rows.length)
    pen.fillStyle = "#000"
    rows.forEach((row, j) => row.forEach((dark, i) => dark && pen.fillRect(left + i * step, top + 36 + j * step, step, step)))
  }
  const width = INSIDE - side - 48
  let below = top + 34
  for (const [words, rule] of [
    [said.scan, { sizes: [[36, 1], [30, 2]], bold: true }],
    [said.address, { sizes: [[28, 1], [22, 3]], leading: 1.3, fill: SOFT }],
    [said.source, { sizes: [[24, 2], [22, 3]], leading: 1.35, fill: SOFT }],
  ]) {
    const part = block(words, { width, ...rule })
    if (below + part.height > HEIGHT - 16) break
    part.write(MARGIN, below)
    below += part.height + 10
  }
  return canvas.toDataURL("image/png")
}
