// In each page of the preview: a page that is shown again after a change stays where it was scrolled to. Only the name
// of the frame outlives a page, since a sandboxed one has neither storage nor an origin.

const [left, height] = JSON.parse(name || "[]")
if (left === location.pathname && !location.hash) scrollTo(0, height)
addEventListener("scroll", () => {
  name = JSON.stringify([location.pathname, scrollY])
})
