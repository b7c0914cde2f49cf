import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { stageOf, variablesOf } from './dockerfile.js'

const Service = z.object({
  image: z.string(),
  profiles: z.array(z.string()).default([]),
  user: z.string().optional(),
  command: z.string().optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  restart: z.string(),
  read_only: z.boolean(),
  init: z.boolean().optional(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  stop_grace_period: z.string().optional(),
  tmpfs: z.array(z.string()),
  volumes: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  deploy: z.object({ replicas: z.number() }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string(), required: z.boolean().optional() })).default({}),
})

const text = readFileSync('docker-compose.yml', 'utf8')
const { services } = z
  .object({ services: z.object({ web: Service, worker: Service, redis: Service, postgres: Service, caddy: Service }) })
  .parse(parse(text, { merge: true }))
const { web, worker, redis, postgres, caddy } = services

describe('docker-compose.yml', () => {
  test('runs a web process, two workers and Redis; PostgreSQL and HTTPS are asked for', () => {
    expect(worker.deploy).toEqual({ replicas: 2 })
    expect([web, worker].map(({ environment }) => environment.ROLE)).toEqual(['web', 'worker'])
    expect([web, worker, redis, postgres, caddy].map(({ profiles }) => profiles)).toEqual([
      [],
      [],
      [],
      ['postgres'],
      ['tls'],
    ])
  })

  test.each(Object.entries(services))('%s is guarded, and comes back by itself', (_, service) => {
    expect(service).toMatchObject({
      restart: 'unless-stopped',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      tmpfs: expect.arrayContaining(['/tmp']),
    })
  })

  test('gives what is in flight the time to end: longer than the program takes at most', () => {
    const stopWithinMs = Number(
      /STOP_WITHIN_MS = ([\d_]+)/.exec(readFileSync('src/main.ts', 'utf8'))?.[1]?.replace('_', ''),
    )
    for (const { stop_grace_period, init } of [web, worker]) {
      expect(Number.parseInt(stop_grace_period ?? '', 10) * 1000).toBeGreaterThanOrEqual(2 * stopWithinMs)
      expect(init).toBe(true)
    }
  })

  test('waits for servers that answer', () => {
    expect(redis.healthcheck?.test.join(' ')).toContain('redis-cli ping')
    expect(postgres.healthcheck?.test.join(' ')).toContain('pg_isready')
    for (const { depends_on } of [web, worker])
      expect(depends_on).toEqual({
        redis: { condition: 'service_healthy' },
        postgres: { condition: 'service_healthy', required: false },
      })
    expect(caddy.depends_on).toEqual({ web: { condition: 'service_healthy' } })
  })

  test('keeps the queue on disk, and never drops a job to save memory', () => {
    expect(redis.command).toContain('--appendonly yes')
    expect(redis.command).toContain('--appendfsync everysec')
    expect(redis.command).toContain('--maxmemory-policy noeviction')
    expect(redis.volumes).toEqual(['redis:/data'])
  })

  test('shares one data folder, and lets no administrator into the servers', () => {
    expect([web, worker].map(({ volumes }) => volumes)).toEqual([['data:/data'], ['data:/data']])
    expect([redis, postgres].map(({ user }) => user)).toEqual(['redis', 'postgres'])
  })

  test('is reached from this machine alone, but for HTTPS', () => {
    expect(web.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:.+:3000$/)])
    for (const { ports } of [worker, redis, postgres]) expect(ports).toEqual([])
  })

  test('uses documented variables only', () => {
    const documented = readFileSync('.env.example', 'utf8')
    const names = [
      ...[web, worker].flatMap(({ environment }) => Object.keys(environment)),
      ...Object.keys(variablesOf(stageOf('program'))),
      ...Object.keys(variablesOf(stageOf('with-chromium'))),
      ...[...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name),
    ]
    expect(names.length).toBeGreaterThan(20)
    for (const name of new Set(names)) expect(documented).toMatch(new RegExp(`\\b${name}\\b`))
  })
})

/** Without the Compose plugin nobody can say what Compose makes of the file; it needs no engine. */
const compose = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  spawnSync('docker', ['compose', '--env-file', '/dev/null', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME: '/tmp', ...env },
  })
const composeIsThere = compose(['version']).status === 0
if (!composeIsThere) console.warn('docker compose config: skipped, the Compose plugin is not installed')

const KEY = { MASTER_KEY: 'a key' }

const Resolved = z.object({
  services: z.record(z.string(), z.object({ environment: z.record(z.string(), z.string()).default({}) })),
})

const resolve = (args: readonly string[], env: Readonly<Record<string, string>>) => {
  const { status, stdout, stderr } = compose([...args, 'config', '--format', 'json'], env)
  expect(status, stderr).toBe(0)
  return Resolved.parse(JSON.parse(stdout)).services
}

describe.runIf(composeIsThere)('what Compose makes of it', () => {
  test.each([
    [[], ['redis', 'web', 'worker']],
    [
      ['--profile', 'postgres'],
      ['postgres', 'redis', 'web', 'worker'],
    ],
    [
      ['--profile', 'tls'],
      ['caddy', 'redis', 'web', 'worker'],
    ],
  ])('with %j', (args, names) => {
    expect(Object.keys(resolve(args, KEY)).toSorted()).toEqual(names)
  })

  test('SQLite by itself, PostgreSQL by its password, another one by its address', () => {
    const databaseOf = (env: object) => resolve([], { ...KEY, ...env }).web?.environment.DATABASE_URL
    expect(databaseOf({})).toBe('')
    expect(databaseOf({ POSTGRES_PASSWORD: 'secret' })).toBe('postgres://stampcast:secret@postgres:5432/stampcast')
    expect(databaseOf({ POSTGRES_PASSWORD: 'secret', DATABASE_URL: 'postgres://db/cafe' })).toBe('postgres://db/cafe')
  })

  test('nothing without a master key, and it says how to make one', () => {
    const { status, stderr } = compose(['config'])
    expect(status).not.toBe(0)
    expect(stderr).toContain('openssl rand -base64 32')
  })
})
