/* Matching, as a function of the index, and its worker. Texts come back as
   [text, found, text …]: nothing is put into a page as HTML. */

const MARKS = "\"'\u3008-\u300b\u3010\u3011\u3014\u3015()[\\]"
const GAP = `[\\s${MARKS}\u2010-\u2014-]`
const BETWEEN = `(?:${GAP}|no\\.?)+`
const GAPS = new RegExp(`${GAP}+`, "g")
const edge = (c) => !/[\u3400-\u9fff]/.test(c)

/** Width, case, quotation marks. Each character stays one, at its place. */
const fold = (text) =>
  text
    .replace(/[\u00a0-\u33ff\uf900-\uffff]/g, (c) => (c.normalize("NFKC")[1] ? c : c.normalize("NFKC")))
    .toLowerCase()
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
const bare = (text) => text.replace(GAPS, "")

/** What forms of an English word have in common: commit of commitments. */
export function stem(word) {
  let stem = word.replace(/'s?$/, "").replace(/([^s])s$/, "$1").replace(/(ie|y)$/, "i").replace(/eed$/, "ee").replace(/ificat.*/, "ifi")
  for (let before; before !== stem; ) {
    before = stem
    stem = stem.replace(/^(.{2,}[^e])(?:ing|ed|e)$/, "$1").replace(/^(.{5,}?)(?:e?ment|at(?:ion)?|ion)$/, "$1").replace(/([^e])\1$/, "$1")
  }
  return stem
}

/** As a number may be written: 1,250, 3·15, 2023〕13. */
function number(digits) {
  const written = (part) => part.replace(/\d(?=\d)/g, (d, i) => d + ((part.length - i) % 3 === 1 ? "[,\u00b7]?" : "\u00b7?"))
  const plain = digits.replace(/,/g, "").replace(/^0(?=\d$)/, "0?").split(/[.\u00b7]/).map(written).join("[.\u00b7]")
  const dated = /^((?:19|20)\d\d)(\d{1,4})$/.exec(digits)
  return dated ? `(?:${plain}|${dated[1]}${BETWEEN}${dated[2]})` : plain
}

/** From folded text and place to where `word` is: [start, end] or null. */
function finder(word) {
  const pieces = word.match(/\d(?:[\d,.\u00b7]*\d)?|[a-z]+(?:'[a-z]+)*|[^]/gu).filter((piece) => bare(piece))
  if (!pieces.length) return null
  const latin = []
  const pattern = pieces.map((piece, i) => {
    const last = i === pieces.length - 1
    const next = pieces[i + 1]
    let after = last ? "" : /\w/.test(piece + next) ? `${GAP}{0,3}` : `[${MARKS}]{0,2}`
    if (/\d \d/.test(`${piece} ${next}`)) after = BETWEEN
    if (/^\d/.test(piece)) return number(piece) + after
    if (!/^[a-z]/.test(piece)) return piece.replace(/[.*+?^${}()|[\]\\/]/, "\\$&") + after
    const root = stem(piece)
    latin.push((found) => found === piece || (last && piece.length > 2 && found.startsWith(piece)) || stem(found) === root)
    return `(${piece.slice(0, 3)}[a-z']*)${after}`
  })
  const found = new RegExp(pattern.join(""), "g")
  return (text, from = 0) => {
    found.lastIndex = from
    for (let match; (match = found.exec(text)); found.lastIndex = match.index + 1) {
      const start = match.index
      const end = start + match[0].length
      // No word begins within a word, no number within a number.
      const before = `${text.slice(Math.max(0, start - 2), start)}|${match[0]}`
      const behind = `${match[0]}|${text.slice(end, end + 5)}`
      if (/[a-z]'?\|[a-z]|\d[.\u00b7]?\|\d|\d,\|\d{3}(?!\d)/.test(before) || /\d\|(?:[.\u00b7]?\d|,\d{3}(?!\d))/.test(behind)) continue
      if (latin.every((fits, i) => fits(match[i + 1]))) return [start, end]
    }
    return null
  }
}

/** The same of pinyin in a title: two syllables, or three initials (two where a word begins). */
function speller(letters, sounds) {
  const full = (text, at, i) => {
    let end = i === letters.length && at
    for (const sound of sounds.get(text[at]) || []) end = end || (letters.startsWith(sound, i) && full(text, at + 1, i + sound.length))
    return end
  }
  const initial = (text, at) => [...letters].every((letter, i) => (sounds.get(text[at + i]) || []).some((sound) => sound[0] === letter))
  return (text) => {
    for (let at = 0; at < text.length; at += 1) {
      const end = full(text, at, 0)
      if (end > at + 1 || (end && text.length === 1)) return [at, end]
      if (letters.length > 2 - edge(text[at - 1]) && initial(text, at)) return [at, at + letters.length]
    }
    return null
  }
}

const task = (query) => +(/^(?:(?:\u4efb\u52a1|task)\s*)?(\d{1,4})$/.exec(query) || [0, NaN])[1]

function parts(text, finders, start = 0, end = text.length) {
  const folded = fold(text)
  const found = []
  for (const find of finders) for (let at = start, range; (range = find(folded, at)) && range[1] <= end; at = range[1]) found.push(range)
  const result = []
  let at = start
  for (const [from, to] of found.sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (from < at) continue
    result.push(text.slice(at, from), text.slice(from, to))
    at = to
  }
  return [...result, text.slice(at, end)]
}

function excerpt(text, finders) {
  const folded = fold(text)
  const places = finders.map((find) => find(folded)).filter(Boolean)
  if (!places.length) return []
  const start = Math.max(0, Math.min(...places.map(([at]) => at)) - 24)
  const result = parts(text, finders, start, Math.min(text.length, start + 140))
  if (start) result[0] = `\u2026${result[0]}`
  if (start + 140 < text.length) result.push(`${result.pop()}\u2026`)
  return result
}

/** From a query to {n, groups: [{name, n, items: [{location, page, title, text, hits}]}]}. */
export function prepare(index) {
  if (index.format !== 1) throw 0
  const sounds = new Map()
  for (const [sound, characters] of Object.entries(index.pinyin)) for (const c of characters) sounds.set(c, [...(sounds.get(c) || []), sound])
  const [from, to] = index.variants
  const place = (location, group, title, text) => ({ location, group, title, text, inTitle: fold(title), own: fold(`${title}\n${text}`) })
  const [TERM, OTHER] = [index.groups.length - 3, index.groups.length - 1]
  // Places of a page are shown below it; its parts (measures, targets, terms) are results of their own.
  const pages = index.docs.map(([address, group, title, text, below]) => {
    const within = below.map(([anchor, own, name, words]) => ({ ...place(`${address}#${anchor}`, own, name, words), page: title }))
    const page = { ...place(address, group, title, text), task: group ? -1 : +address.split("/")[1] }
    page.places = within.filter((p) => p.group < 0)
    page.parts = within.filter((p) => p.group >= 0)
    page.all = [page, ...page.places].map((p) => p.own).join("\n")
    return page
  })

  return (query) => {
    const typed = fold(query.replace(/[^]/g, (c) => to[from.indexOf(c)] || c)).trim()
    const whole = bare(typed)
    const finders = typed.split(/\s+/).map((word) => word && finder(word)).filter(Boolean)
    const groups = index.groups.map((name) => ({ name, best: 0, found: [] }))
    const spells = sounds.size && /^[a-z]{2,}$/.test(whole) ? speller(whole, sounds) : () => null
    const wanted = task(typed)

    // 8: the title is the query, 6: begins with it, 4: has it; less than 3: the text has it.
    const rate = (found, all = found.own) => {
      const title = found.inTitle
      const heard = spells(title)
      const name = bare(title)
      const titled = finders.filter((find) => find(title)).length
      let score = 0
      if (titled === finders.length) score = name === whole ? 8 : name.startsWith(whole) ? 6 : 4
      else if (finders.every((find) => find(all))) score = 1 + titled / finders.length + finders.every((find) => find(found.own)) / 2
      if (heard) score = Math.max(score, bare(title.slice(...heard)) === name ? 7 : 3.5 + edge(title[heard[0] - 1]) + edge(title[heard[1]]))
      return { ...found, score, heard }
    }
    const add = (result) => {
      // A page about something before one that explains its name.
      if (result.group === TERM) result.score *= 0.45
      if (result.group === OTHER) result.score -= 0.5
      const group = groups[result.group]
      group.best = Math.max(group.best, result.score)
      group.found.push(result)
    }
    const some = (p) => finders.some((find) => find(p.own))
    for (const page of finders.length ? pages : []) {
      const own = page.parts.map((part) => rate(part)).filter((part) => part.score)
      own.forEach(add)
      const result = rate(page, page.all)
      if (page.task === wanted) result.score = 9
      result.hits = page.places.map((p) => rate(p)).filter((p) => p.score || (result.score && some(p)))
      // All words stand on the page of a record, though no part of it has them all.
      if (!result.score && !own.length && page.group < OTHER && finders.every((find) => find(page.all) || page.parts.some((p) => find(p.own)))) {
        result.score = 1
        result.hits = [...page.places, ...page.parts].filter(some).map((p) => ({ ...p, score: 0 }))
      }
      result.score = Math.max(result.score, ...result.hits.map((hit) => (hit.score < 3 ? 0 : 3)))
      if (result.score > 0) add(result)
    }

    const told = ({ location, page, title, text, heard }) => {
      const marks = heard ? [...finders, (_, at) => (at > heard[0] ? null : heard)] : finders
      return { location, page, title: parts(title, marks), text: excerpt(text, finders) }
    }
    const best = (found, n) => found.sort((a, b) => b.score - a.score || a.title.length - b.title.length).slice(0, n)
    return {
      n: groups.reduce((sum, group) => sum + group.found.length, 0),
      groups: groups.filter((group) => group.best).sort((a, b) => b.best - a.best).map(({ name, found }) => ({
        name,
        n: found.length,
        items: best(found, 30).map((p) => ({ ...told(p), hits: best(p.hits || [], 4).map(told) })),
      })),
    }
  }
}

// {load} is answered by {head} or {failed}, {query, number} by {number, found}.
let search
// (What stands in for a worker has no document either; the page that imports `prepare` has.)
if (!self.document)
  addEventListener("message", async ({ data }) => {
    if (!data.load) return postMessage({ number: data.number, found: search(data.query) })
    try {
      const answer = await fetch(data.load)
      const { docs, ...head } = await answer.json()
      search = prepare({ docs, ...head })
      postMessage({ head })
    } catch (failure) {
      postMessage({ failed: true })
    }
  })
