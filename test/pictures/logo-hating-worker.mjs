/** A drawing thread that refuses every picture with a logo. What it draws is the count of the orders it has had. */
import { parentPort } from 'node:worker_threads'

let orders = 0

parentPort?.on('message', (svg) => {
  orders += 1
  parentPort?.postMessage(svg.includes('<image') ? { error: 'no logos' } : { png: Uint8Array.of(orders) })
})
