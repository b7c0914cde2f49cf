/**
 * A drawing thread with every fault one can have, chosen by the text it is given. What it draws is its own thread's id.
 */
import { parentPort, threadId } from 'node:worker_threads'

parentPort?.on('message', (order) => {
  switch (order) {
    case 'exit':
      return process.exit(3)
    case 'throw':
      throw new Error('out of ink')
    case 'refuse':
      return parentPort?.postMessage({ error: 'not an SVG' })
    case 'hang':
      return
    case 'slow':
      return setTimeout(() => parentPort?.postMessage({ png: Uint8Array.of(threadId) }), 50)
    default:
      return parentPort?.postMessage({ png: Uint8Array.of(threadId) })
  }
})
