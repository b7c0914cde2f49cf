import { AppError } from '../errors.js'
import { startFailure } from '../start-failure.js'
import { UsageError } from './command.js'

/** What somebody at the command line can mend, in words; null for what only a developer can, which deserves its stack. */
export const failureText = (error: unknown): string | null => {
  if (error instanceof UsageError) return error.message
  const known = startFailure(error)
  if (known !== null || !(error instanceof AppError)) return known
  return error.fields.map(({ field, message }) => `${field} ${message}`).join('\n') || error.message
}
