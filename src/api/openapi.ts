import { z } from 'zod'
import type { ApiCall, RequestExample } from './api-call.js'

/**
 * The OpenAPI 3.1 document of the calls: what parses their requests describes them. Its keys are in a fixed order, so that
 * the same calls give the same text.
 */
export const openApiOf = (calls: readonly ApiCall[]): OpenApi => {
  const named: Named = new Map()
  const paths: Record<string, Record<string, Operation>> = {}
  for (const call of calls)
    paths[call.path] = { ...paths[call.path], [call.method.toLowerCase()]: operationOf(call, named) }
  return {
    openapi: '3.1.0',
    info: { title: 'stampcast', version: '1', description: ABOUT },
    servers: [{ url: '/api/v1' }],
    security: [{ key: [] }],
    tags: [...new Set(calls.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', bearerFormat: '7loc_sc_…' } },
      schemas: Object.fromEntries([...named, ['Problem', schemaOf(problem, 'output', named)]]),
    },
  }
}

export interface OpenApi {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly object[]
  readonly security: readonly object[]
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly securitySchemes: object; readonly schemas: Readonly<Record<string, Schema>> }
}

interface Content {
  readonly [type: string]: { readonly schema: object; readonly examples?: object }
}

export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description: string
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly description?: string
    readonly schema: object
  }[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
}

/** Schemas that are used under a name. */
type Named = Map<string, Schema>

const ABOUT = [
  'Names are snake_case, times ISO 8601 in UTC, ids opaque.',
  'Every write takes an `Idempotency-Key`: for a day the same key gets the same answer, and nothing is done twice.',
  'Lists have `next_cursor`, which is null on the last page. Errors are problem+json with a stable `code`.',
].join(' ')

const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What to change.'),
  code: z.string().describe('Stable: program against it.'),
  errors: z
    .array(z.strictObject({ field: z.string(), message: z.string() }))
    .optional()
    .describe('Every wrong field.'),
})

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Stands for this request for a day. With another body it is refused; while the first runs it is, too.',
  schema: { type: 'string', maxLength: 255 },
}

const operationOf = (call: ApiCall, named: Named): Operation => {
  const { method, path, tag, summary, may, body, answer, examples, refusals = [] } = call
  return {
    operationId: operationIdOf(call),
    tags: [tag],
    summary,
    description: `For ${may.roles.join(', ')}.${may.readOnly ? ' A key that only reads will do.' : ''}`,
    parameters: [...paramsOf(path, examples), ...queryOf(call, named), ...(method === 'GET' ? [] : [IDEMPOTENCY_KEY])],
    ...(body === null ? {} : { requestBody: requestOf(body, examples, named) }),
    responses: {
      ...Object.fromEntries(
        [...new Set(examples.map(({ status }) => status))].map((status) => [status, answered(status, answer, named)]),
      ),
      default: {
        description: ['Refused', ...(refusals.length > 0 ? [refusals.join(', ')] : [])].join(': '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

/** `POST /cards/{id}/stamps` is `post_cards_id_stamps`. */
export const operationIdOf = ({ method, path }: ApiCall): string =>
  [method.toLowerCase(), ...path.split('/').filter(Boolean)].join('_').replaceAll(/[{}]/g, '')

const paramsOf = (path: string, [example]: ApiCall['examples']) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
    example: example.params?.[name],
  }))

const queryOf = ({ query }: ApiCall, named: Named): Operation['parameters'] =>
  Object.entries(query.shape).map(([name, field]) => {
    const { description, ...schema } = schemaOf(field as z.ZodType, 'input', named)
    const isRequired = !(field as z.ZodType).safeParse(undefined).success
    return { name, in: 'query', required: isRequired, ...(typeof description === 'string' && { description }), schema }
  })

const requestOf = (body: z.ZodType, examples: readonly RequestExample[], named: Named) => ({
  required: !body.safeParse({}).success,
  content: {
    'application/json': {
      schema: schemaOf(body, 'input', named),
      examples: Object.fromEntries(
        examples.flatMap(({ title, body: value }) => (value === undefined ? [] : [[title, { value }]])),
      ),
    },
  },
})

const answered = (status: number, answer: z.ZodType, named: Named) =>
  status === 204
    ? { description: 'Done' }
    : {
        description: status === 201 ? 'Made' : status === 202 ? 'Accepted' : 'Found or done',
        content: { 'application/json': { schema: schemaOf(answer, 'output', named) } },
      }

type Schema = Readonly<Record<string, unknown>>

/** The names that schemas have of their own become components, so that clients have one type for one thing. */
const schemaOf = (schema: z.ZodType, io: 'input' | 'output', named: Named): Schema => {
  const { $schema: _dialect, $defs = {}, ...described } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  for (const [name, definition] of Object.entries($defs)) named.set(name, referring(definition))
  const { id } = described
  if (typeof id !== 'string') return referring(described)
  named.set(id, referring(described))
  return { $ref: `${COMPONENTS}${id}` }
}

const COMPONENTS = '#/components/schemas/'

/** A schema whose references lead to the components; its own name is where it stands. */
const referring = ({ id: _name, ...schema }: object & { readonly id?: unknown }): Schema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', `"${COMPONENTS}`))
