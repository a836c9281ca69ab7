/* The helper of the offline copy: does for the scripts of the site what a browser refuses to do in a folder. Modules,
   workers and data come by script elements; a worker runs on the page itself; links to folders lead to their page. */
"use strict"

window.haopinOffline = (() => {
  const root = new URL("../", document.currentScript.src)
  const modules = new Map()
  const texts = new Map()
  const loading = new Map()

  const nameOf = (address) => {
    const { pathname } = new URL(address, location.href)
    const name = decodeURIComponent(pathname.slice(root.pathname.length))
    return name === "" || name.endsWith("/") ? `${name}index.html` : name
  }

  /** Load the script `name` once; the promise is kept, so that those who come later wait for the same. */
  const load = (name) => {
    if (!loading.has(name)) {
      loading.set(
        name,
        new Promise((loaded, failed) => {
          const script = document.createElement("script")
          script.src = new URL(name.split("/").map(encodeURIComponent).join("/"), root).href
          script.onload = loaded
          script.onerror = () => failed(new TypeError(`${name} is not in this copy`))
          document.head.append(script)
        }),
      )
    }
    return loading.get(name)
  }

  const text = async (address) => {
    const name = nameOf(address)
    if (!texts.has(name)) await load(`${name}.js`)
    return texts.get(name)
  }

  const fetched = async (address) => new Response(await text(address))

  /** Run a module whose own modules have run. `scope` is what it takes for its window, or its worker. */
  const start = (name, scope) => {
    // Called by itself, as a module has no `this`.
    const { make } = modules.get(name)
    const found = {}
    const meta = { url: new URL(name, root).href }
    const bring = (address) => need(nameOf(new URL(address, meta.url)))
    make(bring, found, (used) => modules.get(used).found, meta, scope.self, fetched, OnPage, scope.addEventListener, scope.postMessage)
    return found
  }

  const page = { self: window, addEventListener: window.addEventListener.bind(window), postMessage: window.postMessage.bind(window) }

  const ready = async (name) => {
    if (!modules.has(name)) await load(name)
    for (const used of modules.get(name).uses) await need(used)
  }

  /** Return the exports of the module `name`; it runs once. */
  const need = async (name) => {
    await ready(name)
    const module = modules.get(name)
    module.found = module.found || start(name, page)
    return module.found
  }

  const copyOf = window.structuredClone || ((data) => (data === undefined ? data : JSON.parse(JSON.stringify(data))))

  /** What stands in for a worker: the same script, on the page, with messages that come later as they do from a worker. */
  class OnPage extends EventTarget {
    constructor(address) {
      super()
      const inside = new EventTarget()
      const send = (to) => (data) => setTimeout(() => this.gone || this.told(to, copyOf(data)))
      const self = inside
      self.postMessage = send(this)
      const name = nameOf(address)
      this.started = ready(name).then(() => start(name, { self, addEventListener: inside.addEventListener.bind(inside), postMessage: self.postMessage }))
      this.started.catch(() => this.told(this, undefined, "error"))
      this.toInside = send(inside)
    }
    told(to, data, type = "message") {
      const event = new MessageEvent(type, { data })
      if (to[`on${type}`]) to[`on${type}`](event)
      to.dispatchEvent(event)
    }
    postMessage(data) {
      this.started.then(() => this.toInside(data))
    }
    terminate() {
      this.gone = true
    }
  }

  /* A folder has no page of its own here: a link that a script has made is put right before it is followed. */
  const straighten = (event) => {
    const link = event.target instanceof Element && event.target.closest("a[href]")
    if (!link || link.protocol !== "file:" || !link.pathname.endsWith("/")) return
    link.pathname += "index.html"
  }
  for (const type of ["pointerdown", "focusin", "click"]) addEventListener(type, straighten, true)

  return {
    define: (name, uses, make) => {
      modules.set(name, { uses, make })
      loading.set(name, Promise.resolve())
    },
    data: (name, value) => texts.set(name, value),
    run: (name) => {
      if (modules.get(name).uses.length) need(name)
      else modules.get(name).found = start(name, page)
    },
  }
})()
