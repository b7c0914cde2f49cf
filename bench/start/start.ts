import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { monotonicMs, waitFor } from '../rig/clock.js'
import { atMost, type Line } from '../rig/report.js'
import { median } from '../rig/statistics.js'
import { usageOf } from '../rig/usage.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const STARTS = 5
const IDLE_MS = 20_000

/** `npm start` with demo data, on a checkout that is installed and built. */
export const benchStart = async (): Promise<Line[]> => {
  const secondsOfStarts: number[] = []
  let idleMb = Number.NaN
  for (let round = 1; round <= STARTS; round++) {
    const started = await npmStart()
    secondsOfStarts.push(started.seconds)
    if (round === STARTS) {
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
      idleMb = usageOf(started.programPid()).rssMb
    }
    await started.stop()
  }
  return [
    {
      name: 'start_sec',
      what: 'npm start to its address, warm, median of 5',
      value: median(secondsOfStarts),
      unit: 's',
      target: atMost(3),
    },
    { name: 'idle_rss_mb', what: 'memory after 20 s idle, demo data', value: idleMb, unit: 'MB', target: atMost(150) },
  ]
}

const npmStart = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'stampcast-bench-'))
  const startedMs = monotonicMs()
  const npm = spawn('npm', ['start'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: dataDir, DEMO: '1', PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const exit = once(npm, 'exit')
  let output = ''
  npm.stdout.on('data', (chunk: Buffer) => {
    output += chunk
  })
  await waitFor('an address', () => (output.includes('/try') ? true : undefined), { everyMs: 10 })
  return {
    seconds: (monotonicMs() - startedMs) / 1_000,
    programPid: () => youngestDescendant(npm.pid ?? 0),
    stop: async () => {
      const pid = youngestDescendant(npm.pid ?? 0)
      npm.kill('SIGTERM')
      await exit
      await waitFor('the program to end', () => (Number.isNaN(usageOf(pid).rssMb) ? true : undefined))
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** npm starts a shell, which starts the program. */
const youngestDescendant = (pid: number): number => {
  const [child] = childrenOf(pid)
  return child === undefined ? pid : youngestDescendant(child)
}

const childrenOf = (pid: number): number[] => {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return children === '' ? [] : children.split(' ').map(Number)
  } catch {
    return []
  }
}
