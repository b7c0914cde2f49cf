import { escapeHtml } from '../http/html.js'
import type { ApiCall, RequestExample } from './api-call.js'
import { type OpenApi, type Operation, operationIdOf } from './openapi.js'

/** The document as a page: every call with its fields and its examples. Reads without a script. */
export const docsHtml = (calls: readonly ApiCall[], document: OpenApi, style: string): string => {
  const tags = document.tags.map(({ name }) => name)
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>stampcast API</title>',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<link rel="stylesheet" href="${escapeHtml(style)}"></head><body>`,
    '<h1>stampcast API</h1>',
    `<p>${inline(document.info.description)}</p>`,
    '<p>Send your API key with every request: <code>Authorization: Bearer 7loc_sc_…</code>. Paths begin with ',
    '<code>/api/v1</code>. For programs: <a href="openapi.json">openapi.json</a>.</p>',
    `<nav aria-label="Groups"><ul>${tags.map((tag) => `<li><a href="#${slug(tag)}">${escapeHtml(tag)}</a></li>`).join('')}</ul></nav>`,
    '<main>',
    ...tags.map((tag) =>
      sectionOf(
        tag,
        calls.filter((call) => call.tag === tag),
        document,
      ),
    ),
    '</main></body></html>',
  ].join('')
}

const slug = (tag: string): string => tag.toLowerCase()

/** Text with `code` in it. */
const inline = (text: string): string => escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')

const sectionOf = (tag: string, calls: readonly ApiCall[], document: OpenApi): string =>
  [
    `<section id="${slug(tag)}"><h2>${escapeHtml(tag)}</h2>`,
    ...calls.map((call) => callOf(call, document.paths[call.path]?.[call.method.toLowerCase()], document)),
    '</section>',
  ].join('')

const callOf = (call: ApiCall, operation: Operation | undefined, { components }: OpenApi): string => {
  const { method, path, summary, examples } = call
  if (!operation) return ''
  const answer = Object.values(operation.responses).find(({ content }) => content?.['application/json'])
  return [
    `<details id="${operationIdOf(call)}"><summary><code>${method} ${escapeHtml(path)}</code> <span>${escapeHtml(summary)}</span></summary>`,
    `<p class="quiet">${inline(operation.description)} ${inline(operation.responses.default?.description ?? '')}.</p>`,
    parametersOf(operation),
    ...examples.map((example) => exampleOf(call, example)),
    schemaOf('Body', operation.requestBody?.content['application/json']?.schema, components),
    schemaOf('Answer', answer?.content?.['application/json']?.schema, components),
    '</details>',
  ].join('')
}

const parametersOf = ({ parameters }: Operation): string => {
  if (parameters.length === 0) return ''
  const rows = parameters.map(
    ({ name, in: place, required, description = '' }) =>
      `<tr><th scope="row"><code>${escapeHtml(name)}</code></th><td>${place}${required ? ', required' : ''}</td><td>${inline(description)}</td></tr>`,
  )
  return `<table><tbody>${rows.join('')}</tbody></table>`
}

const exampleOf = ({ method, path }: ApiCall, { title, params = {}, query = {}, body }: RequestExample): string => {
  const search = new URLSearchParams(query).toString()
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '') + (search ? `?${search}` : '')
  const sent = body === undefined ? '' : `\n\n${JSON.stringify(body, null, 2)}`
  return `<h3>${escapeHtml(title)}</h3><pre>${escapeHtml(`${method} /api/v1${address}${sent}`)}</pre>`
}

const schemaOf = (title: string, schema: unknown, components: OpenApi['components']): string =>
  schema === undefined
    ? ''
    : `<details><summary>${title}</summary><pre>${escapeHtml(JSON.stringify(writtenOut(schema, components), null, 2))}</pre></details>`

/** With each component where it is used: whoever reads one call sees all of it. */
const writtenOut = (schema: unknown, components: OpenApi['components']): unknown => {
  if (Array.isArray(schema)) return schema.map((each) => writtenOut(each, components))
  if (typeof schema !== 'object' || schema === null) return schema
  const reference: unknown = Reflect.get(schema, '$ref')
  if (typeof reference === 'string')
    return writtenOut(components.schemas[reference.split('/').at(-1) ?? ''], components)
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, writtenOut(value, components)]))
}
