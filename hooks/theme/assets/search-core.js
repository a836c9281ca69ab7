/* Search in Chinese and English without word segmentation, as a function of the index (haopin/search.py) and the query:
   no page, no network, so that it can run beside the page, on it, or in a test. Every word of a query must occur.
   Texts come back as lists [text, found, text …], so that nothing is ever put into a page as HTML. */

const MOST = 30 // results shown of a group
const GAP = "[\\s\"'\\-\u2010-\u2014\u2026\u3001\u300a\u300b\u3008\u3009\u3014\u3015\u3010\u3011()\\[\\]{}]"
const GAPS = new RegExp(`${GAP}+`, "g")
const edge = (c) => !/[\u3400-\u9fff]/.test(c)

/** Width and case are the same to a searcher, straight and curly quotation marks as well. */
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"')
const bare = (text) => text.replace(GAPS, "")

/** The stem of an English word: Porter's steps 1 and 5 and the commonest endings of his step 4. */
const many = (word, n) => new RegExp(`^[^aeiouy]*(?:[aeiouy]+[^aeiouy]+){${n}}`).test(word)
const closed = (word) => /[^aeiou][aeiouy][^aeiouywx]$/.test(word)
export function stem(word) {
  let w = word.replace(/'s?$/, "")
  if (w.length < 3) return w
  w = w.replace(/(ss|i)es$/, "$1").replace(/([^su])s$/, "$1")
  if (/eed$/.test(w)) w = many(w.slice(0, -3), 1) ? w.slice(0, -1) : w
  else {
    const short = w.replace(/(ed|ing)$/, "")
    if (short !== w && /[aeiouy]/.test(short)) {
      if (/([^aeioulsz])\1$/.test(short)) w = short.slice(0, -1)
      else w = /(at|bl|iz)$/.test(short) || (closed(short) && !many(short, 2)) ? `${short}e` : short
    }
  }
  w = w.replace(/(.[^aeiou])y$/, "$1i")
  for (const ending of ["ement", "ment", "ion", "er"]) {
    if (!w.endsWith(ending)) continue
    const short = w.slice(0, -ending.length)
    if (many(short, 2) && (ending !== "ion" || /[st]$/.test(short))) w = short
    break
  }
  const short = w.replace(/e$/, "")
  return many(short, 2) || (many(short, 1) && !closed(short)) ? short : w
}

/** A number as it may be written: 1,250 for 1250, 3·15 for 315 or 3.15, 2023〕13 for 202313. */
function number(digits) {
  const written = (part) => part.replace(/\d(?=\d)/g, (d, i) => d + ((part.length - i) % 3 === 1 ? "[,\u00b7]?" : "\u00b7?"))
  const plain = digits.replace(/,/g, "").split(/[.\u00b7]/).map(written).join("[.\u00b7]")
  const dated = /^((?:19|20)\d\d)(\d{1,4})$/.exec(digits)
  return dated ? `(?:${plain}|${dated[1]}(?:${GAP}|no\\.?)+${dated[2]})` : plain
}

/** What finds `word` in a folded text: a function from text and place to [start, end], or null. */
function finder(word) {
  const pieces = word.match(/\d(?:[\d,.\u00b7]*\d)?|[a-z]+(?:'[a-z]+)*|[^]/gu).filter((piece) => bare(piece))
  if (!pieces.length) return null
  const latin = []
  const pattern = pieces.map((piece, i) => {
    const last = i === pieces.length - 1
    const after = last ? "" : /\d$/.test(piece) && /^\d/.test(pieces[i + 1]) ? `(?:${GAP}|no\\.?)+` : `${GAP}{0,3}`
    if (/^\d/.test(piece)) return number(piece) + after
    if (!/^[a-z]/.test(piece)) return piece.replace(/[.*+?^${}()|[\]\\/]/, "\\$&") + after
    const root = stem(piece)
    let same = 0
    while (same < root.length && root[same] === piece[same]) same += 1
    const start = piece.slice(0, same).replace(/(..)[iey]$/, "$1")
    latin.push((found) => found === piece || (last && piece.length > 2 && found.startsWith(piece)) || stem(found) === root)
    return `(${start}[a-z']*)${after}`
  })
  const found = new RegExp(pattern.join(""), "g")
  return (text, from = 0) => {
    found.lastIndex = from
    for (let match; (match = found.exec(text)); found.lastIndex = match.index + 1) {
      const start = match.index
      const end = start + match[0].length
      const before = text.slice(Math.max(0, start - 2), start)
      const behind = text.slice(end, end + 5)
      if (/^[a-z]/.test(match[0]) && /[a-z]'?$/.test(before)) continue
      if (/^\d/.test(match[0]) && (/\d[.\u00b7]?$/.test(before) || (/\d,$/.test(before) && /^\d{3}(?!\d)/.test(match[0])))) continue
      if (/\d$/.test(match[0]) && /^(?:[.\u00b7]?\d|,\d{3}(?!\d))/.test(behind)) continue
      if (latin.every((fits, i) => fits(match[i + 1]))) return [start, end]
    }
    return null
  }
}

/** What finds pinyin in a title: full syllables (two or more, or a title of one), or initials (two or more; two only
    where words begin). Never in running text, so that `an` or `li` do not find everything. */
function speller(letters, sounds) {
  const full = (text, at, i) => {
    if (i === letters.length) return at
    for (const sound of sounds.get(text[at]) || []) {
      const end = letters.startsWith(sound, i) ? full(text, at + 1, i + sound.length) : 0
      if (end) return end
    }
    return 0
  }
  const initial = (text, at) => [...letters].every((letter, i) => (sounds.get(text[at + i]) || []).some((sound) => sound[0] === letter))
  return (text) => {
    for (let at = 0; at < text.length; at += 1) {
      if (!sounds.has(text[at])) continue
      const begins = edge(text[at - 1])
      const end = full(text, at, 0)
      if (end > at + 1 || (end && text.length === 1)) return [at, end]
      if (letters.length > (begins ? 1 : 2) && initial(text, at)) return [at, at + letters.length]
    }
    return null
  }
}

const numeral = (text) => {
  const [tens, ones] = text.includes("\u5341") ? text.split("\u5341") : ["0", text]
  const value = (digit) => (digit === "0" ? 0 : digit ? " \u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d".indexOf(digit) : -1)
  return (tens ? value(tens) : 1) * 10 + (ones ? value(ones) : 0)
}

/** The number of the task that a query names: 任务3, 任务03, 任务三, task 3, 3. */
function task(query) {
  const named = /^(?:(?:\u4efb\u52a1|task)\s*)?0*(\d{1,4})$/.exec(query)
  const spelt = /^\u4efb\u52a1([\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]{1,3})$/.exec(query)
  return named ? +named[1] : spelt ? numeral(spelt[1]) : 0
}

/** The stretches of `text` that the finders find, as [text, found, text …], from `start` to `end`. */
function parts(text, finders, start = 0, end = text.length) {
  let folded = fold(text)
  let place = (i) => i
  if (folded.length !== text.length) {
    // A character became several, such as "…": places are looked up.
    const places = []
    folded = ""
    for (let i = 0; i < text.length; i += 1) {
      const one = fold(text[i])
      for (let n = 0; n < one.length; n += 1) places.push(i)
      folded += one
    }
    place = (i) => (i < places.length ? places[i] : text.length)
  }
  const found = []
  for (const find of finders) for (let at = 0, range; (range = find(folded, at)) && range[1] > at; at = range[1]) found.push(range.map(place))
  found.sort((a, b) => a[0] - b[0] || b[1] - a[1])
  const result = [""]
  let at = start
  for (const [from, to] of found) {
    if (from < at || to > end) continue
    result[result.length - 1] += text.slice(at, from)
    result.push(text.slice(from, to), "")
    at = to
  }
  result[result.length - 1] += text.slice(at, end)
  return result
}

function excerpt(text, finders) {
  const folded = fold(text)
  const places = finders.map((find) => find(folded)).filter(Boolean)
  if (!places.length) return []
  const start = Math.max(0, Math.min(...places.map(([at]) => at)) - 24)
  const end = Math.min(text.length, start + 140)
  const result = parts(text, finders, start, end)
  if (start) result[0] = `\u2026${result[0]}`
  if (end < text.length) result[result.length - 1] += "\u2026"
  return result
}

const compare = (a, b) => b.score - a.score || a.title.length - b.title.length

/** Return a function from a query to {n, groups: [{name, n, items: [{location, page, title, text, hits}]}]}. */
export function prepare(index) {
  const sounds = new Map()
  for (const [sound, characters] of Object.entries(index.pinyin)) for (const c of characters) sounds.set(c, [...(sounds.get(c) || []), sound])
  const variants = new Map([...index.variants[0]].map((c, i) => [c, index.variants[1][i]]))
  const place = (location, group, title, text) => ({ location, group, title, text, inTitle: fold(title), inText: fold(text) })
  const [TERM, OTHER] = [index.groups.length - 3, index.groups.length - 1]
  // A page has places, which are shown below it, and parts (measures, targets, terms), which are results of their own.
  const pages = index.docs.map(([address, group, title, text, below]) => {
    const within = below.map(([anchor, own, name, words]) => ({ ...place(`${address}#${anchor}`, own, name, words), page: title }))
    const page = { ...place(address, group, title, text), task: group === 0 ? +address.split("/")[1] : -1 }
    page.places = within.filter((p) => p.group < 0)
    page.parts = within.filter((p) => p.group >= 0)
    page.all = [page, ...page.places].map((p) => `${p.inTitle}\n${p.inText}`).join("\n")
    return page
  })

  return (query) => {
    const typed = fold([...query].map((c) => variants.get(c) || c).join("")).trim()
    const whole = bare(typed)
    const finders = typed.split(/\s+/).map((word) => word && finder(word)).filter(Boolean)
    const groups = index.groups.map((name) => ({ name, best: 0, found: [] }))
    if (!finders.length) return { n: 0, groups: [] }
    const letters = /^[a-z' ]+$/.test(typed) && sounds.size ? typed.replace(/[' ]/g, "") : ""
    const spells = letters.length > 1 ? speller(letters, sounds) : () => null
    const wanted = task(typed)

    /** How well a place fits: its title is the query (8), begins with it (6), has it (4), or its text has it (1 to 2). */
    const rate = (found, all) => {
      const heard = spells(found.inTitle)
      const name = bare(found.inTitle)
      const titled = finders.filter((find) => find(found.inTitle)).length
      let score = 0
      if (titled === finders.length) score = name === whole ? 8 : name.startsWith(whole) ? 6 : 4
      else if (finders.every((find) => find(found.inTitle) || find(all))) score = 1 + titled / finders.length
      if (heard) score = Math.max(score, bare(found.inTitle.slice(...heard)) === name ? 7 : 3.5 + edge(found.inTitle[heard[0] - 1]) + edge(found.inTitle[heard[1]]))
      return { ...found, score, heard }
    }
    const add = (result) => {
      // A page about something comes before one that explains its name or mentions it.
      if (result.group === TERM) result.score *= 0.45
      if (result.group === OTHER) result.score -= 0.5
      const group = groups[result.group]
      group.best = Math.max(group.best, result.score)
      group.found.push(result)
    }
    for (const page of pages) {
      const own = page.parts.map((part) => rate(part, part.inText)).filter((part) => part.score)
      own.forEach(add)
      const result = { ...rate(page, page.all), hits: [] }
      if (page.task === wanted && wanted) result.score = 9
      const some = (p) => finders.some((find) => find(p.inTitle) || find(p.inText))
      if (result.score || letters) result.hits = page.places.map((p) => rate(p, p.inText)).filter((p) => p.score || (result.score && some(p)))
      // Words that stand apart on the page of a record: it has them all, though none of its parts has.
      if (!result.score && !own.length && page.group < OTHER && finders.every((find) => find(page.all) || page.parts.some((p) => find(p.inTitle) || find(p.inText)))) {
        result.score = 1
        result.hits = [...page.places, ...page.parts].filter(some).map((p) => ({ ...p, score: 0 }))
      }
      result.score = Math.max(result.score, ...result.hits.map((hit) => Math.min(hit.score, 3)))
      if (result.score > 0) add(result)
    }

    const marks = ({ heard }) => (heard ? [...finders, (text, at) => (at > heard[0] ? null : heard)] : finders)
    const told = (p) => ({ location: p.location, page: p.page || "", title: parts(p.title, marks(p)), text: excerpt(p.text, finders) })
    const shown = groups.filter((group) => group.found.length).sort((a, b) => b.best - a.best)
    return {
      n: shown.reduce((sum, group) => sum + group.found.length, 0),
      groups: shown.map(({ name, found }) => ({
        name,
        n: found.length,
        items: found.sort(compare).slice(0, MOST).map((p) => ({ ...told(p), hits: (p.hits || []).sort(compare).slice(0, 4).map(told) })),
      })),
    }
  }
}
