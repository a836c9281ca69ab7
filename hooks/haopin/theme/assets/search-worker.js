/* Matching, as a function of the index, and its worker. Texts come back as
   [text, found, text …]: nothing is put into a page as HTML. */

const MARKS = "\"'\u3008-\u300b\u3010\u3011\u3014\u3015()[\\]"
const GAP = `[\\s${MARKS}\u2010-\u2014-]`
const BETWEEN = `(?:${GAP}|no\\.?)+`
// What may stand between two characters of a phrase: a line break, a pause, a character that only formats.
const SKIP = `(?:[\\s,.;:!?${MARKS}\u00ad\u00b7\u2010-\u2014\u2022\u200b-\u200f\u2060\u3001\u3002\ufe00-\ufe0f\ufeff-]|\udb40[\udd00-\uddef])`
const SKIPS = new RegExp(SKIP, "g")
const CHINESE = /[\u3400-\u9fff]/
const edge = (c) => !CHINESE.test(c)
const STOP = new Set("a about am an and any are at be by can could do does for from get has have how i if in is it its me my of on or our please should tell that the their there these they this to was we what when where which who whom whose why will with would you your".split(" "))
// Words of a question in Chinese, which its answer need not have.
const ASKED = /\u600e\u4e48\u529e|\u600e\u4e48\u6837?|\u5982\u4f55|\u54ea[\u91cc\u4e9b\u4e2a]|\u4ec0\u4e48|\u6709\u6ca1\u6709|\u53ef\u4ee5|\u6700\u8fd1|\u8bf7\u95ee|\u6211[\u8981\u60f3]?|[\u8c01\u662f\u5417\u5462\u7684\u4e86\u5728\u5230\u6709\u548c\u4e0e]/g

/** Width, case, quotation marks. Each character stays one, at its place. */
const fold = (text) =>
  text
    .replace(/[\u00a0-\u33ff\uf900-\uffff]/g, (c) => (c.normalize("NFKC")[1] ? c : c.normalize("NFKC")))
    .toLowerCase()
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
const bare = (text) => text.replace(SKIPS, "")

/** What forms of an English word have in common: commit of commitments. */
export function stem(word) {
  // British as American: -isation, colour, centre, analyse, catalogue, programme, licence.
  let stem = word.replace(/is(ation|e[ds]?$|ing$)/, "iz$1").replace(/^(.{2,})our/, "$1or").replace(/([^aeiou])re(s?)$/, "$1er$2").replace(/yse/, "yze").replace(/ogue/, "og").replace(/mme/, "m").replace(/ence(s?)$/, "ense$1").replace(/'s?$/, "").replace(/([^s])s$/, "$1").replace(/(ie|y)$/, "i").replace(/eed$/, "ee").replace(/ificat.*/, "ifi")
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

/** From folded text and place to where `word` is: [start, end] or null. If `open`, a word of the text may go on. */
function finder(word, open) {
  const pieces = word.match(/\d(?:[\d,.\u00b7]*\d)?|[a-z]+(?:'[a-z]+)*|[^]/gu).filter((piece) => bare(piece))
  if (!pieces.length) return null
  const latin = []
  const pattern = pieces.map((piece, i) => {
    const last = i === pieces.length - 1
    const next = pieces[i + 1]
    let after = last ? "" : `${SKIP}{0,4}`
    if (/\d \d/.test(`${piece} ${next}`)) after = BETWEEN
    if (/^\d/.test(piece)) return number(piece) + after
    if (!/^[a-z]/.test(piece)) return piece.replace(/[.*+?^${}()|[\]\\/]/, "\\$&") + after
    const root = stem(piece)
    latin.push((found) => found === piece || (open && last && piece.length > 2 && found.startsWith(piece)) || stem(found) === root)
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

/** Whether words differ by one letter: one more, one less, another, or two in the wrong order. */
function near(a, b) {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  const [one, other] = [a.slice(at), b.slice(at)]
  const turned = one[0] === other[1] && one[1] === other[0] && one.slice(2) === other.slice(2)
  return one.slice(1) === other.slice(1) || one.slice(1) === other || one === other.slice(1) || turned
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

/** Whether `text` would be cut within a word or a character at `at`. */
const split = (text, at) => /^(?:[\w'\u00c0-\u024f\u2019-]{2}|.[\u0300-\u036f\udc00-\udfff\ufe00-\ufe0f]|.\udb40)/.test(text.slice(at - 1, at + 1))

function excerpt(text, finders) {
  const folded = fold(text)
  const places = finders.map((find) => find(folded)).filter(Boolean)
  if (!places.length) return []
  // Neither a word nor a character is split.
  const first = Math.min(...places.map(([at]) => at))
  let start = Math.max(0, first - 24)
  while (start < first && split(text, start)) start += 1
  let end = Math.min(text.length, start + 140)
  while (end > first + 1 && split(text, end)) end -= 1
  const result = parts(text, finders, start, end)
  if (start) result[0] = `\u2026${result[0].trimStart()}`
  if (end < text.length) result.push(`${result.pop().trimEnd()}\u2026`)
  return result
}

/** From a query to {n, groups: [{name, n, items: [{location, page, title, text, hits}]}], cards, instead, loose}. */
export function prepare(index) {
  if (index.format !== 2) throw 0
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

  const answers = index.answers.map(([says, sentence, call, links]) => {
    const forms = says.map((say) => fold(say)).map((say) => ({ name: bare(say), stems: edge(say) && (say.match(/[a-z0-9]+/g) || []).map(stem) }))
    return { forms, sentence, call, links }
  })
  const all = pages.flatMap((page) => [page, ...page.places, ...page.parts])

  /** Answers to what people say in their own words: those of the whole query, or else up to two of a part of it. */
  function answered(typed, full, words, best) {
    // Without the words of a question, unless it is nothing but them.
    const whole = typed.replace(ASKED, "") || typed
    const asked = words.map(stem)
    const last = words[words.length - 1] || ""
    const spelled = sounds.size && /^[a-z]{4,}$/.test(whole) ? speller(whole, sounds) : () => null
    const rated = answers.map((answer) => {
      const of = ({ name, stems }) => {
        if (name === typed || name === full || name === whole || (!stems && (spelled(name) || [])[1] === name.length && whole.length > 2 * name.length)) return 1
        if (!stems && whole.length > 2 && name.startsWith(whole)) return 0.9
        // A name of one character counts where it begins what is asked.
        if (!stems) return typed.includes(name) && (name.length > 1 || whole.startsWith(name)) ? Math.min(0.99, name.length / whole.length) : 0
        const has = (one) => asked.includes(one) || (last.length > 3 && one.startsWith(last))
        if (asked.length > 1 && asked.length < stems.length && asked.every((one) => stems.includes(one))) return 0.9
        // The word itself before one with the same stem: late measures are not measuring.
        return stems.length && stems.every(has) ? Math.min(1, stems.length / words.length + words.join("").includes(name) / 100) : 0
      }
      return { ...answer, score: Math.max(...answer.forms.map(of)) }
    })
    const found = rated.filter(({ score }) => score === 1 || (score > 0.2 && best < 6)).sort((a, b) => b.score - a.score)
    return found.slice(0, found.length && found[0].score === 1 ? 1 : 2).map(({ score, sentence, call, links }) => ({ score, sentence, call, links }))
  }

  const grouped = () => index.groups.map((name) => ({ name, best: 0, found: [] }))
  const add = (groups, result) => {
    const group = groups[result.group]
    group.best = Math.max(group.best, result.score)
    group.found.push(result)
  }
  function shown(groups, finders) {
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

  function find(typed, open) {
    const written = typed.split(/\s+/).filter((word) => bare(word))
    const kept = written.filter((word) => !STOP.has(word.replace(/'s$/, "")))
    const words = kept.length ? kept : written
    const [full, whole] = [bare(typed), bare(words.join(""))]
    const finders = words.map((word) => finder(word, open)).filter(Boolean)
    const groups = grouped()
    const spells = sounds.size && /^[a-z]{2,}$/.test(whole) ? speller(whole, sounds) : () => null
    const wanted = task(typed)

    // Of two texts that have the words, the one that has them more often is more about them.
    const often = (text) => {
      let n = 0
      for (const find of finders) for (let range, at = 0; n < 9 && (range = find(text, at)); at = range[1]) n += 1
      return n
    }
    // 8: the title is the query, 6: begins with it, 4: has it; less than 3: the text has it.
    const rate = (found, all = found.own) => {
      const title = found.inTitle
      const heard = spells(title)
      const name = bare(title)
      const titled = finders.filter((find) => find(title)).length
      let score = 0
      if (titled === finders.length) score = name === whole || name === full ? 8 : name.startsWith(whole) ? 6 : 4
      else if (finders.every((find) => find(all))) score = 1 + titled / finders.length + finders.every((find) => find(found.own)) / 2 + often(all) / 20
      if (heard) score = Math.max(score, bare(title.slice(...heard)) === name ? 7 : 3.5 + edge(title[heard[0] - 1]) + edge(title[heard[1]]))
      return { ...found, score, heard, titled: titled === finders.length }
    }
    const rank = (result) => {
      // A page whose title has the words comes before all parts of other pages.
      if (!result.page && result.titled) result.score += 6
      // A page about something before one that explains its name.
      if (result.group === TERM) result.score *= 0.45
      if (result.group === OTHER) result.score -= /^(api|reference)\//.test(result.location) ? 1 : 0.5
      add(groups, result)
    }
    const some = (p) => finders.some((find) => find(p.own))
    for (const page of finders.length ? pages : []) {
      const own = page.parts.map((part) => rate(part)).filter((part) => part.score)
      own.forEach(rank)
      const result = rate(page, page.all)
      if (page.task === wanted) result.score = 20
      result.hits = page.places.map((p) => rate(p)).filter((p) => p.score || (result.score && some(p)))
      // All words stand on the page of a record, though no part of it has them all.
      if (!result.score && !own.length && page.group < OTHER && finders.every((find) => find(page.all) || page.parts.some((p) => find(p.own)))) {
        result.score = 1
        result.hits = [...page.places, ...page.parts].filter(some).map((p) => ({ ...p, score: 0 }))
      }
      result.score = Math.max(result.score, ...result.hits.map((hit) => (hit.score < 3 ? 0 : 3)))
      if (result.score > 0) rank(result)
    }
    const best = Math.max(...groups.map((group) => group.best))
    return { ...shown(groups, finders), cards: answered(whole, full, words.join(" ").match(/[a-z0-9]+/g) || [], best) }
  }

  // The second try, when nothing was found.

  let vocabulary
  /** The commonest word of the site that differs from `word` by one letter. */
  function respelled(word, alone) {
    if (!vocabulary) {
      vocabulary = new Map()
      const texts = [...all.map((p) => p.own), ...answers.map((answer) => answer.forms.map((form) => form.name).join("\n"))]
      for (const text of texts) for (const known of text.match(/[a-z]{3,}/g) || []) vocabulary.set(known, (vocabulary.get(known) || 0) + 1)
    }
    if (vocabulary.has(word) || word.length < (alone ? 5 : 3)) return word
    // Of a short word, a letter is missing.
    const fits = (known) => near(word, known) && (word.length > 4 || (known.length > word.length && known[0] === word[0]))
    const value = ([known, n]) => n + 1000 * (known[0] === word[0])
    const best = [...vocabulary].filter(([known]) => fits(known)).sort((a, b) => value(b) - value(a))[0]
    return best ? best[0] : word
  }
  const sound = (c) => sounds.get(c) || [c]
  /** Where the characters end that are spelled like `letters` but for one letter, and begin with its first; else 0. */
  function spelt(letters, text, at, read = "") {
    if (read && (read[0] !== letters[0] || read.length > letters.length + 1)) return 0
    if (read.length >= letters.length - 1 && near(letters, read)) return at
    let end = 0
    for (const one of sounds.get(text[at]) || []) end = end || spelt(letters, text, at + 1, read + one)
    return end
  }
  /** What a title writes with the same sounds, or with letters that differ by one. */
  function heardAs(word) {
    const letters = /^[a-z]{6,}$/.test(word) && word
    for (const { inTitle } of letters || (word.length > 2 && !/[a-z\d]/.test(word)) ? all : [])
      for (let at = 0; at < inTitle.length; at += 1) {
        const same = inTitle.slice(at, at + word.length)
        const equal = [...word].filter((c, i) => c === same[i]).length
        if (!letters && 2 * equal >= word.length && [...word].every((c, i) => same[i] && sound(c).some((one) => sound(same[i]).includes(one)))) return same
        const end = letters && spelt(letters, inTitle, at)
        if (end) return inTitle.slice(at, end)
      }
    return word
  }
  function corrected(typed) {
    const words = typed.split(/\s+/)
    const spelling = words.map((word) => (/^[a-z]+$/.test(word) && !STOP.has(word) ? respelled(word, words.length === 1) : word)).join(" ")
    if (spelling !== typed || !sounds.size) return spelling
    const whole = bare(typed)
    const heard = heardAs(whole)
    return heard === whole ? typed : heard
  }

  /** Most of what was typed: pairs of Chinese characters, other words as they are. */
  function most(typed) {
    const words = typed.replace(ASKED, " ").split(/\s+/).filter((word) => (CHINESE.test(word) ? bare(word).length > 1 : /^[a-z-]{3,}$/.test(word) && !STOP.has(word)))
    const units = words.map((word) => {
      const run = [...bare(word)]
      return (CHINESE.test(word) ? run.slice(1).map((c, i) => run[i] + c) : [word]).map((piece) => finder(piece)).filter(Boolean)
    })
    const cover = (text) => {
      const parts = units.map((finders) => finders.filter((find) => find(text)).length / finders.length)
      return parts.reduce((sum, part) => sum + (part > 0.5 ? part : 0), 0) / parts.length
    }
    const groups = grouped()
    const found = pages.flatMap((page) => [{ ...page, own: page.all }, ...page.parts])
    const rated = found.map((p) => ({ ...p, score: cover(p.own), titled: cover(p.inTitle) })).filter((p) => p.score >= 0.5)
    for (const p of rated.sort((a, b) => b.score + b.titled - a.score - a.titled).slice(0, 20)) add(groups, { ...p, score: p.score + p.titled - (p.group === TERM) / 4 })
    return { ...shown(groups, units.flat()), cards: [], loose: true }
  }

  return (query) => {
    const typed = fold(query.replace(/[^]/g, (c) => to[from.indexOf(c)] || c)).trim()
    const some = ({ n, cards }) => n || cards.length
    const part = ({ n, cards }) => !n && cards.length && cards[0].score < 1
    let found = find(typed)
    // The beginning of a word counts where no word is what was typed.
    if (!found.n && /[a-z]/.test(typed)) found = { ...find(typed, true), cards: found.cards }
    if (part(found)) return { ...most(typed), cards: found.cards }
    if (some(found)) return found
    const instead = corrected(typed)
    const second = instead === typed ? found : find(instead)
    return some(second) ? { ...second, instead } : most(typed)
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
