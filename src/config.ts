import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { connectionSections } from './config/connections.js'
import { type Machine, serverSections } from './config/server.js'
import { AppError, describeError } from './errors.js'

/**
 * Everything the operator sets, parsed once at start; `.env.example` explains each variable. Modes are unions, so that
 * what cannot work (a webhook without an address, a worker without a queue to share) has no type.
 */
export type Config = DeepReadonly<z.output<ReturnType<typeof configSchema>>>

/**
 * Reads the process's environment and `.env` in the working directory, or in STAMPCAST_HOME, which `npx stampcast` sets; what
 * stands in both, the environment decides.
 */
export const loadConfig = (): Config => {
  const workingDir = process.env.STAMPCAST_HOME ?? process.cwd()
  const machine: Machine = {
    workingDir,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    readFile: (file) => readFileSync(file),
  }
  return readConfig({ ...readEnvFile(path.join(workingDir, '.env')), ...process.env }, machine)
}

/**
 * Throws one AppError('misconfigured') that names every wrong variable and says what to change, without repeating values.
 * A variable set to nothing counts as unset.
 */
export const readConfig = (env: Readonly<Record<string, string | undefined>>, machine: Machine): Config => {
  const trimmed = Object.entries(env).map(([name, text]) => [name, text?.trim()])
  const variables = Object.fromEntries(trimmed.filter(([, text]) => text))
  const schema = configSchema(machine)
  // Each section looks at the whole environment, and zod looks at all sections before it complains.
  const parsed = schema.safeParse(Object.fromEntries(Object.keys(schema.shape).map((section) => [section, variables])))
  if (!parsed.success) throw misconfigured(parsed.error.issues)
  return deepFreeze(parsed.data)
}

const configSchema = (machine: Machine) => z.object({ ...serverSections(machine), ...connectionSections() })

const readEnvFile = (file: string): Record<string, string | undefined> => {
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw new AppError('misconfigured', `The file .env cannot be read: ${describeError(error)}. Mend or remove it.`, {
      cause: error,
    })
  }
}

const misconfigured = (issues: readonly z.core.$ZodIssue[]): AppError => {
  const problems = new Map(
    issues.map(({ path, message }) => {
      const variable = String(path.at(-1))
      return [`${variable} ${message}`, { field: variable, message }]
    }),
  )
  const [first = '', ...others] = problems.keys()
  const message =
    others.length === 0
      ? `The setting ${first}. Change it in .env or in the environment.`
      : `Several settings are wrong; change them in .env or in the environment:\n- ${[first, ...others].join('\n- ')}`
  return new AppError('misconfigured', message, { fields: [...problems.values()] })
}

type DeepReadonly<Value> = Value extends string | number | boolean | null | CryptoKeyLike
  ? Value
  : { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }

/** A `KeyObject`: opaque, and frozen by nature. */
type CryptoKeyLike = z.output<typeof import('./config/values.js').masterKey>

const deepFreeze = <Value>(value: Value): DeepReadonly<Value> => {
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value) as DeepReadonly<Value>
}
