import { hash, randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Where a process id means something: among the processes of one running kernel and one PID namespace. Containers may share
 * a host name, and so may cloned machines.
 */
const nameMachine = (): string => {
  try {
    const kernel = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const namespace = readlinkSync('/proc/self/ns/pid')
    return `${hostname()}:${hash('sha256', `${kernel} ${namespace}`).slice(0, 12)}`
  } catch {
    // Not Linux: no containers share this name.
    return hostname()
  }
}

const THIS_MACHINE = nameMachine()

/** Names this process in leases: `machine/pid/random`. */
export const createOwnerName = (): string => `${THIS_MACHINE}/${process.pid}/${randomBytes(6).toString('hex')}`

/**
 * Whether the owner of a lease is known to have ended: a process of this machine that does not run any more. Then nobody
 * waits for its lease to run out.
 */
export const isGone = (owner: string | null): boolean => {
  const [machine, pid] = owner?.split('/') ?? []
  if (machine !== THIS_MACHINE || !pid || !/^\d+$/.test(pid)) return false
  if (Number(pid) === process.pid) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
