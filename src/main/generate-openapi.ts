import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openApiOf } from '../api/openapi.js'
import { readConfig } from '../config.js'
import { apiCallsOf } from './api.js'
import { openFoundation } from './foundation.js'

/**
 * Writes the OpenAPI document into the repository, where a change of the API is seen in a review; `--check` only looks
 * whether it is the one that the calls give.
 */
const FILE = join(process.cwd(), 'src/api/openapi.json')

/** The calls are made on a database of their own, which nothing is asked of. */
const documentNow = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
  const machine = { workingDir: folder, timeZone: 'UTC', readFile: () => Buffer.alloc(0) }
  const config = readConfig({ DATA_DIR: folder, DEMO: '0', LOG_LEVEL: 'silent' }, machine)
  const foundation = await openFoundation(config, fileURLToPath(new URL('../../../locales/', import.meta.url)))
  try {
    return `${JSON.stringify(openApiOf(apiCallsOf(foundation)), null, 1)}\n`
  } finally {
    await foundation.close()
    rmSync(folder, { recursive: true })
  }
}

const written = (): string | null => {
  try {
    return readFileSync(FILE, 'utf8')
  } catch {
    return null
  }
}

const document = await documentNow()
if (process.argv[2] !== '--check') writeFileSync(FILE, document)
else if (written() === document) process.stdout.write('openapi: the document matches the calls\n')
else {
  process.stderr.write('openapi: calls changed without their document; run npm run openapi\n')
  process.exitCode = 1
}
