import { benchDispatch } from './dispatch/dispatch.js'
import { benchMemory } from './dispatch/memory.js'
import { benchImport } from './import/import.js'
import { benchIngest } from './ingest/ingest.js'
import { benchReply } from './reply/reply.js'
import { currentLoad, type Line, printReport } from './rig/report.js'
import { benchStamps } from './stamps/stamps.js'
import { benchStart } from './start/start.js'
import { benchThrough } from './through/through.js'

/** `npm run bench -- ingest dispatch …`, or all of them. Each prints a table and one line of JSON. */
const BENCHES: Readonly<Record<string, () => Promise<Line[]>>> = {
  ingest: benchIngest,
  through: benchThrough,
  dispatch: benchDispatch,
  memory: benchMemory,
  reply: benchReply,
  stamps: benchStamps,
  start: benchStart,
  import: benchImport,
}

const asked = process.argv.slice(2).filter((name) => name !== 'all')
const unknown = asked.find((name) => !Object.hasOwn(BENCHES, name))
if (unknown !== undefined) {
  console.error(`There is no bench "${unknown}"; there are ${Object.keys(BENCHES).join(', ')} and all.`)
  process.exit(1)
}
for (const [name, bench] of Object.entries(BENCHES)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const load = currentLoad()
  try {
    printReport(name, await bench(), load)
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}
