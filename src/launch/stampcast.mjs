#!/usr/bin/env node
// `npx stampcast …`: the command line of this checkout, with its settings and its data, from whatever folder it is called in.
import { fileURLToPath } from 'node:url'

if (process.env.STAMPCAST_HOME === undefined)
  process.env.STAMPCAST_HOME = fileURLToPath(new URL('../../', import.meta.url))
process.argv.splice(2, 0, 'cli')
await import('./launch.mjs')
