import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createOwnerName, isGone } from '../../src/deliveries/lane-owner.js'

const [machine] = createOwnerName().split('/')

describe('the owner of a lease', () => {
  test('is not gone while its process runs, and is once it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'])
    const ended = once(child, 'exit')
    expect(isGone(`${machine}/${child.pid}/abc`)).toBe(false)
    child.kill('SIGKILL')
    await ended
    expect(isGone(`${machine}/${child.pid}/abc`)).toBe(true)
  })

  test('is not gone if it is this process, or lives where nobody can look', () => {
    expect(isGone(createOwnerName())).toBe(false)
    expect(isGone('another-machine/1/abc')).toBe(false)
    expect(isGone(null)).toBe(false)
  })

  test.each(['', '/', `${machine}`, `${machine}//`, `${machine}/abc/1`, `${machine}/-1/a`])(
    'of whom nothing can be read (%j) is not gone',
    (owner) => {
      expect(isGone(owner)).toBe(false)
    },
  )

  test('has a name of its own each time', () => {
    expect(createOwnerName()).not.toBe(createOwnerName())
  })
})
