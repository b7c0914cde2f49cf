import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

/** Fields that must never reach a log, whoever passes them. Message bodies and personal data are not logged at all. */
const SECRET_FIELDS = ['token', 'secret', 'password', 'authorization', 'phone', 'email', 'text', 'body'].flatMap(
  (name) => [name, `*.${name}`],
)

/** Structured logs, one JSON line per unit of work: a fixed event name as message, ids as fields, no prose. */
export const createLog = (level: string, destination?: DestinationStream): Log =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_FIELDS, censor: '[redacted]' },
    },
    destination ?? pino.destination(2),
  )
