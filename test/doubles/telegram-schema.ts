import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { BotRequest } from './telegram-request.js'

/** The published Bot API as data: every method's parameters and every type's fields. Not part of this repository. */
const SCHEMA_FILE = join(import.meta.dirname, '../../../shared/data/telegram-bot-api.json')

const Field = z.object({
  name: z.string(),
  types: z.array(z.string()),
  required: z.boolean(),
  description: z.string(),
})
const ApiFile = z.object({
  methods: z.record(z.string(), z.object({ fields: z.array(Field).default([]) })),
  types: z.record(
    z.string(),
    z.object({ fields: z.array(Field).default([]), subtypes: z.array(z.string()).default([]) }),
  ),
})

type Field = z.infer<typeof Field>

export interface TelegramSchema {
  /** What is wrong with a request: missing, unknown and mistyped parameters, lengths. Empty when nothing is. */
  checkRequest(request: BotRequest): string[]
  /** What is wrong with a value of a type such as `Update`. */
  checkType(type: string, value: unknown): string[]
}

/** Null where the published file is not at hand. */
export const loadTelegramSchema = (): TelegramSchema | null =>
  existsSync(SCHEMA_FILE) ? createSchema(ApiFile.parse(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')))) : null

const createSchema = (api: z.infer<typeof ApiFile>): TelegramSchema => {
  const checkFields = (fields: readonly Field[], value: object, at: string): string[] => {
    const given = new Map(Object.entries(value))
    const faults = fields.flatMap((field) => checkField(field, given.get(field.name), `${at}${field.name}`))
    const known = new Set(fields.map(({ name }) => name))
    for (const name of given.keys()) if (!known.has(name)) faults.push(`${at}${name} is unknown`)
    return faults
  }

  const checkField = (field: Field, value: unknown, at: string): string[] => {
    if (value === undefined) return field.required ? [`${at} is missing`] : []
    const attempts = field.types.map((type) => checkValue(type, value, at))
    const best = attempts.sort((a, b) => a.length - b.length)[0] ?? []
    return best.length > 0 ? best : checkWords(field, value, at)
  }

  const checkValue = (type: string, value: unknown, at: string): string[] => {
    const mistyped = [`${at} is not ${type}`]
    if (type.startsWith('Array of ')) {
      const itemType = type.slice('Array of '.length)
      if (!Array.isArray(value)) return mistyped
      return value.flatMap((item, i) => checkValue(itemType, item, `${at}[${i}]`))
    }
    switch (type) {
      case 'Integer':
        return Number.isSafeInteger(value) ? [] : mistyped
      case 'Float':
        return typeof value === 'number' ? [] : mistyped
      case 'String':
        return typeof value === 'string' ? [] : mistyped
      case 'Boolean':
        return typeof value === 'boolean' ? [] : mistyped
      case 'True':
        return value === true ? [] : mistyped
      case 'InputFile':
        return typeof value === 'string' && value.startsWith('attach://') ? [] : mistyped
      default:
        return checkObject(type, value, at)
    }
  }

  const checkObject = (type: string, value: unknown, at: string): string[] => {
    const declared = api.types[type]
    if (!declared) return [`${at}: no type ${type}`]
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} is not ${type}`]
    if (declared.subtypes.length === 0) return checkFields(declared.fields, value, `${at}.`)
    const attempts = declared.subtypes.map((subtype) => checkObject(subtype, value, at))
    return attempts.sort((a, b) => a.length - b.length)[0] ?? []
  }

  return {
    checkRequest({ method, params }) {
      const declared = api.methods[method]
      return declared ? checkFields(declared.fields, params, '') : [`no method ${method}`]
    },
    checkType: (type, value) => checkValue(type, value, type),
  }
}

/** What the published file says in prose only: `must be photo`, `always "kicked"`, `1-64 bytes`, `0-1024 characters after entities parsing`. */
const checkWords = ({ name, description }: Field, value: unknown, at: string): string[] => {
  if (typeof value !== 'string') return []
  const fixed = /^(type|status)$/.test(name) ? /(?:must be |always ")(\w+)"?$/.exec(description)?.[1] : undefined
  if (fixed !== undefined && value !== fixed) return [`${at} is not ${fixed}`]
  const [, least, most, unit] = /(\d+)-(\d+) (bytes|characters)/.exec(description) ?? []
  if (least === undefined || most === undefined) return []
  const length = unit === 'bytes' ? Buffer.byteLength(value) : value.length
  return length >= Number(least) && length <= Number(most) ? [] : [`${at} has ${length} ${unit}, not ${least}-${most}`]
}
