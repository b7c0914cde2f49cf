import { describe, expect, test } from 'vitest'
import { AppError, type ErrorCode } from '../../src/errors.js'
import { HTTP_STATUS, problemOf } from '../../src/http/problem.js'

describe('what we refuse', () => {
  test('is a problem with a stable code, the wrong fields and what to change', () => {
    const fields = [{ field: 'customer.id', message: 'is required' }]
    expect(problemOf(new AppError('invalid_input', 'these fields are wrong: customer.id', { fields }))).toEqual({
      status: 422,
      headers: { 'Content-Type': 'application/problem+json; charset=utf-8', 'Cache-Control': 'no-store' },
      body: {
        type: 'about:blank',
        title: 'Unprocessable Entity',
        status: 422,
        detail: 'these fields are wrong: customer.id',
        code: 'invalid_input',
        errors: fields,
      },
    })
  })

  test('has a status for every code, and an error class to match', () => {
    for (const [code, status] of Object.entries(HTTP_STATUS)) {
      expect(status === 500 || status === 503 || (status >= 400 && status < 500)).toBe(true)
      expect(problemOf(new AppError(code as ErrorCode, 'why')).body).toMatchObject({ code, status, detail: 'why' })
    }
  })

  test('says when to try again', () => {
    const retryAfter = (error: AppError) => problemOf(error).headers['Retry-After']
    expect(retryAfter(new AppError('unavailable', 'busy'))).toBe('5')
    expect(retryAfter(new AppError('unavailable', 'busy', { retryAfterSec: 2.2 }))).toBe('3')
    expect(retryAfter(new AppError('rate_limited', 'slowly', { retryAfterSec: 0 }))).toBe('1')
    expect(retryAfter(new AppError('not_found', 'nothing'))).toBeUndefined()
  })

  test('a 401 carries its challenge', () => {
    expect(problemOf(new AppError('unauthorized', 'unknown token')).headers['WWW-Authenticate']).toBe('Bearer')
  })
})

describe('what went wrong on our side', () => {
  test.each([
    new Error('connect ECONNREFUSED postgres://stampcast:hunter2@db'),
    new TypeError('cannot read'),
    Object.assign(new Error('secret'), { status: 500 }),
    Object.assign(new Error('secret'), { status: '404' }),
    'a string',
    undefined,
    null,
    { status: 404, message: 'secret' },
  ])('says nothing of it: %s', (error) => {
    const { status, body } = problemOf(error)
    expect(status).toBe(500)
    expect(body.code).toBe('internal_error')
    expect(JSON.stringify(body)).not.toMatch(/secret|hunter2|cannot read/)
  })

  test('the cause of a refusal stays inside', () => {
    const cause = new Error('SQLITE_BUSY at /srv/data')
    expect(JSON.stringify(problemOf(new AppError('unavailable', 'try again', { cause })))).not.toContain('SQLITE')
  })
})

test('what Express itself refuses keeps its status, not its words', () => {
  const malformed = Object.assign(new URIError("Failed to decode param '%ff'"), { status: 400 })
  expect(problemOf(malformed)).toMatchObject({ status: 400, body: { code: 'bad_request' } })
  expect(JSON.stringify(problemOf(malformed).body)).not.toContain('%ff')
})
