// Reads a calendar from the standard input with ical.js and prints what it holds as JSON.
import { readFileSync } from "node:fs"
import ICAL from "ical.js"

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")))
calendar.getAllSubcomponents("vtimezone").forEach((zone) => ICAL.TimezoneService.register(new ICAL.Timezone(zone)))
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component)
  return {
    uid: event.uid,
    summary: event.summary,
    description: event.description,
    location: event.location,
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
    start: event.startDate.toString(),
    end: event.endDate.toString(),
    utc: event.startDate.isDate ? null : event.startDate.toJSDate().toISOString(),
  }
})
console.log(JSON.stringify({ name: calendar.getFirstPropertyValue("name"), events }))
