import { Cron } from 'croner'
import { AppError, describeError } from '../errors.js'

/**
 * The first instant after `afterMs` (both Unix ms) that a cron expression names in an IANA time zone. Five fields, or
 * six with seconds first. Where clocks go forward, a local time that does not exist comes as late as the clock jumps;
 * where they go back, one that exists twice comes the first time only, unless the hour itself is a pattern.
 * Throws AppError('invalid_input') for an expression or zone that is wrong, or that never comes (31 February).
 */
export const nextRun = (cron: string, timeZone: string, afterMs: number): number => {
  // The library takes no zone for the computer's own, and a zone must not depend on the computer.
  if (timeZone === '') throw new AppError('invalid_input', 'a schedule needs a time zone')
  // The library also reads dates, nicknames and years, which end or differ between servers.
  if (!/^\s*\S+(\s+\S+){4,5}\s*$/.test(cron)) {
    throw new AppError('invalid_input', `"${cron}" is not a schedule of five fields: minute hour day month weekday`)
  }
  const next = findNext(cron, timeZone, afterMs)
  if (!next) throw new AppError('invalid_input', `"${cron}" names no time that ever comes`)
  return next.getTime()
}

const findNext = (cron: string, timeZone: string, afterMs: number): Date | null => {
  try {
    return new Cron(cron, { timezone: timeZone, paused: true }).nextRun(new Date(afterMs))
  } catch (error) {
    throw new AppError('invalid_input', `cannot read the schedule "${cron}" in "${timeZone}": ${describeError(error)}`)
  }
}
