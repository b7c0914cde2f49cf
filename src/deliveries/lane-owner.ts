import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

/** Names this process in leases: `host/pid/random`. */
export const createOwnerName = (): string => `${hostname()}/${process.pid}/${randomBytes(6).toString('hex')}`

/**
 * Whether the owner of a lease is known to have ended: a process of this machine that does not run any more. Then nobody
 * waits for its lease to run out. A wrong guess does no harm, because a taken lane's fence stops its old owner.
 */
export const isGone = (owner: string | null): boolean => {
  const [host, pid] = owner?.split('/') ?? []
  if (host !== hostname() || !pid || !/^\d+$/.test(pid)) return false
  if (Number(pid) === process.pid) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
