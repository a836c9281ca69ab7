/* A QR code (ISO/IEC 18004) of an address, at level M as those that the build draws for paper. The address of a part of a
   page has none there: a page can have hundreds of parts. Fetched with the sheet that shows it. */

/* By version: error correction codewords a block, and blocks. */
const CHECKS = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26]
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16]
const MASKS = [
  (x, y) => (x + y) % 2,
  (x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
]
const QUIET = 4

/** Return how many codewords a code of `version` has. */
const room = (version) => {
  const aligned = version > 1 ? Math.floor(version / 7) + 2 : 0
  const alignment = aligned ? (25 * aligned - 10) * aligned - 55 : 0
  return Math.floor(((16 * version + 128) * version + 64 - alignment - (version > 6 ? 36 : 0)) / 8)
}

/** Multiply in the field of 256 elements that the standard takes. */
const times = (a, b) => {
  let product = 0
  for (let bit = 7; bit >= 0; bit -= 1) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> bit) & 1) * a)
  return product
}

/** Return the `n` codewords that check `block`: the remainder of a division of polynomials. */
const checks = (block, n) => {
  let divisor = [...Array(n - 1).fill(0), 1]
  for (let root = 1, i = 0; i < n; i += 1, root = times(root, 2)) divisor = divisor.map((value, j) => times(value, root) ^ (divisor[j + 1] || 0))
  let rest = Array(n).fill(0)
  for (const word of block) {
    const factor = word ^ rest[0]
    rest = [...rest.slice(1), 0].map((value, i) => value ^ times(divisor[i], factor))
  }
  return rest
}

/** Return the codewords of `bytes` in the order in which they are drawn. */
const codewords = (bytes, version) => {
  const n = BLOCKS[version - 1]
  const correcting = CHECKS[version - 1]
  const all = room(version)
  const bits = [4, bytes.length, ...bytes].map((value, i) => value.toString(2).padStart(i === 0 ? 4 : i === 1 && version > 9 ? 16 : 8, "0")).join("")
  const data = bits.padEnd(Math.ceil((bits.length + 4) / 8) * 8, "0").slice(0, (all - n * correcting) * 8).match(/.{8}/g).map((byte) => parseInt(byte, 2))
  for (let pad = 0xec; data.length < all - n * correcting; pad ^= 0xec ^ 0x11) data.push(pad)
  const short = Math.floor(all / n) - correcting
  const longer = all % n
  const blocks = []
  for (let i = 0, at = 0; i < n; i += 1) blocks.push(data.slice(at, (at += short + (i >= n - longer))))
  const woven = (parts) => Array.from({ length: parts[n - 1].length }, (_, i) => parts.map((part) => part[i])).flat()
  return [...woven(blocks), ...woven(blocks.map((block) => checks(block, correcting)))].filter((word) => word !== undefined)
}

/** Return how hard a code is to read: what the standard counts. */
const trouble = (rows) => {
  const size = rows.length
  const columns = rows[0].map((_, x) => rows.map((row) => row[x]))
  let found = 0
  for (const line of [...rows, ...columns].map((row) => row.join(""))) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) found += run.length - 2
    for (const _ of line.matchAll(/(?=10111010000|00001011101)/g)) found += 40
  }
  for (let y = 1; y < size; y += 1) for (let x = 1; x < size; x += 1) if (rows[y][x] === rows[y - 1][x] && rows[y][x] === rows[y][x - 1] && rows[y][x] === rows[y - 1][x - 1]) found += 3
  const dark = rows.flat().reduce((sum, module) => sum + module, 0)
  return found + 10 * Math.floor(Math.abs((dark * 20) / size ** 2 - 10))
}

/** Return the remainder of `value`, in as many bits as `generator` has beyond its first. */
const remainder = (value, generator, bits) => {
  let rest = value << bits
  for (let bit = 31 - Math.clz32(rest); bit >= bits; bit = 31 - Math.clz32(rest)) rest ^= generator << (bit - bits)
  return (value << bits) | rest
}

/** Return the rows of the code of `text`, each a list of 0 and 1; null if it is too long for an ordinary screen. */
export const modules = (text) => {
  const bytes = [...new TextEncoder().encode(text)]
  const fits = (version) => bytes.length + (version > 9 ? 3 : 2) <= room(version) - BLOCKS[version - 1] * CHECKS[version - 1]
  const version = BLOCKS.findIndex((_, i) => fits(i + 1)) + 1
  if (!version) return null
  const size = 17 + 4 * version
  const rows = Array.from({ length: size }, () => Array(size).fill(0))
  const fixed = rows.map((row) => [...row])
  const set = (x, y, dark) => {
    if (rows[y]?.[x] === undefined) return
    rows[y][x] = Number(dark)
    fixed[y][x] = 1
  }
  /* A square of rings around a point, light where its distance is in `light`. */
  const rings = (cx, cy, radius, light) => {
    for (let dy = -radius; dy <= radius; dy += 1) for (let dx = -radius; dx <= radius; dx += 1) set(cx + dx, cy + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))))
  }
  for (let i = 0; i < size; i += 1) {
    set(6, i, i % 2 === 0)
    set(i, 6, i % 2 === 0)
  }
  const edge = size - 7
  for (const [x, y] of [[3, 3], [edge + 3, 3], [3, edge + 3]]) rings(x, y, 4, [2, 4])
  const aligned = version > 1 ? Math.floor(version / 7) + 2 : 0
  const step = Math.floor((version * 8 + aligned * 3 + 5) / (aligned * 4 - 4)) * 2
  const places = Array.from({ length: aligned }, (_, i) => (i ? edge - step * (aligned - 1 - i) : 6))
  for (const x of places) for (const y of places) if (![[6, 6], [6, edge], [edge, 6]].some(([a, b]) => x === a && y === b)) rings(x, y, 2, [1])
  const told = remainder(version, 0x1f25, 12)
  for (let i = 0; version > 6 && i < 18; i += 1) {
    set(size - 11 + (i % 3), Math.floor(i / 3), (told >> i) & 1)
    set(Math.floor(i / 3), size - 11 + (i % 3), (told >> i) & 1)
  }
  /* The mask, twice; level M is 0. */
  const format = (mask) => {
    const bits = remainder(mask, 0x537, 10) ^ 0x5412
    for (let i = 0; i < 15; i += 1) {
      const dark = (bits >> i) & 1
      set(8, i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, dark)
      set(i < 8 ? size - 1 - i : i === 8 ? 7 : 14 - i, 8, dark)
    }
    set(8, size - 8, 1)
  }
  format(0)
  const bits = codewords(bytes, version).flatMap((word) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (word >> bit) & 1))
  let at = 0
  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2) {
    const upward = ((right + 1) & 2) === 0
    for (let i = 0; i < size; i += 1) {
      const y = upward ? size - 1 - i : i
      for (const x of [right, right - 1]) if (!fixed[y][x]) rows[y][x] = bits[at++] || 0
    }
  }
  const whole = rows.map((row) => [...row])
  const masked = (mask) => {
    format(mask)
    for (let y = 0; y < size; y += 1) for (let x = 0; x < size; x += 1) if (!fixed[y][x]) rows[y][x] = whole[y][x] ^ (MASKS[mask](x, y) === 0)
    return trouble(rows)
  }
  const troubles = MASKS.map((_, mask) => masked(mask))
  masked(troubles.indexOf(Math.min(...troubles)))
  return rows
}

/** Return the code of `text` as a picture called `label`; null if there is none. */
export const drawn = (text, label) => {
  const rows = modules(text)
  if (!rows) return null
  const make = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag)
    for (const name in attributes) element.setAttribute(name, attributes[name])
    return element
  }
  const size = rows.length + 2 * QUIET
  const svg = make("svg", { class: "hp-qr", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" })
  const path = rows.map((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")).join("")).join("")
  svg.append(make("path", { fill: "#fff", d: `M0 0h${size}v${size}H0z` }), make("path", { fill: "#000", d: path }))
  return svg
}
