// Reads names of folders, one a line, and judges every page in them by html-validate; prints what it finds as JSON.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { HtmlValidate, StaticConfigLoader } from "html-validate"

const config = JSON.parse(readFileSync(new URL("html-validate.json", import.meta.url), "utf8"))
delete config.why
const judge = new HtmlValidate(new StaticConfigLoader(config))
const folders = readFileSync(0, "utf8").split("\n").filter(Boolean)
const found = { pages: 0, messages: [] }
for (const folder of folders) {
  for (const name of readdirSync(folder, { recursive: true }).sort()) {
    if (!name.endsWith(".html")) continue
    found.pages += 1
    const report = await judge.validateFile(join(folder, name))
    for (const { messages } of report.results) {
      for (const { ruleId, line, column, message } of messages) found.messages.push(`${name}:${line}:${column}: ${ruleId}: ${message}`)
    }
  }
}
console.log(JSON.stringify(found))
