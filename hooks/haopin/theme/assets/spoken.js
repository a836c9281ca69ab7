/** Put `parts` (strings and elements) in the place of all that `element` holds. */
export const fill = (element, parts) => {
  element.textContent = ""
  element.append(...parts)
}

/** Chinese words on a page in another language say so, for voices and fonts. Digits among them belong to them: a
    document number is one stretch of Chinese. Returns strings and elements, to be appended. */
export const spoken = (text) =>
  document.documentElement.lang.startsWith("zh")
    ? [text]
    : text.split(/([\u2e80-\uffef](?:[\u2e80-\uffef0-9]*[\u2e80-\uffef])?)/).map((part, i) => {
        if (i % 2 === 0) return part
        const span = document.createElement("span")
        span.lang = "zh-Hans"
        span.textContent = part
        return span
      })
