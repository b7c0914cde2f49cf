import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const sources = ['src', 'bots'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8')),
)

/** PostgreSQL keeps a plan under the statement’s name: under one name, the second statement would run as the first. */
test('each statement has a name of its own', () => {
  const names = sources.flatMap((source) =>
    [...source.matchAll(/\b(?:statement|insertion)\(\s*'([^']+)'/g)].map(([, name]) => name),
  )
  expect(names.length).toBeGreaterThan(400)
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})
