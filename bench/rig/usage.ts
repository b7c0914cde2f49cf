import { readFileSync } from 'node:fs'

/** A process as Linux counts it; NaN where there is no /proc. */
export interface Usage {
  /** User and system time since it started. */
  readonly cpuMs: number
  readonly rssMb: number
  readonly peakRssMb: number
}

const CLOCK_TICK_MS = 10

export const usageOf = (pid: number): Usage => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    // The fields behind the command's name, which may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
    return {
      cpuMs: (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS,
      rssMb: megabytes('VmRSS'),
      peakRssMb: megabytes('VmHWM'),
    }
  } catch {
    return { cpuMs: Number.NaN, rssMb: Number.NaN, peakRssMb: Number.NaN }
  }
}
