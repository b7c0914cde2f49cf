// A process that works a topic until it is killed: node queue-process.mjs <options of openQueue, as JSON> <topic>.
// It prints every id that it starts to work, and never ends a run.

const [options = '{}', topic = ''] = process.argv.slice(2)
const built = new URL('../../dist/src/', import.meta.url)
/** @type {typeof import('../../src/queue/open-queue.js')} */
const { openQueue } = await import(new URL('queue/open-queue.js', built).href)
/** @type {typeof import('../../src/log.js')} */
const { createLog } = await import(new URL('log.js', built).href)

const { queue } = await openQueue({ ...JSON.parse(options), log: createLog('silent') })
await queue.work(topic, { concurrency: 5 }, (id) => {
  console.log(id)
  return new Promise(() => undefined)
})
