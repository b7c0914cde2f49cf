import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.js'
import { failureText } from '../../src/cli/failure-text.js'
import { findCommand } from '../../src/cli/find-command.js'
import { helpOn, overview } from '../../src/cli/help.js'
import { openCommandLine } from '../support/command-line.js'

const asked = (...words: string[]) => findCommand(words, COMMANDS)
const helped = (...words: string[]) => {
  const found = asked(...words)
  return found.kind === 'help' ? helpOn(found.commands) : found.kind
}

describe('the command line', () => {
  test.each([[], ['--help'], ['-h'], ['help'], ['--json']].map((words) => [words]))(
    'shows all commands for %j',
    (words) => {
      expect(asked(...words)).toEqual({ kind: 'overview' })
    },
  )

  test('shows every command with what it does, in lines that fit', () => {
    const lines = overview(COMMANDS, 90).split('\n')
    for (const name of Object.keys(COMMANDS))
      expect(lines.filter((line) => line.startsWith(`  ${name} `))).toHaveLength(1)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(90)
  })

  test('explains one command, and all that share a word', () => {
    expect(helped('staff', 'add', '--help')).toBe(
      'npm run cli -- staff add <name> <role> [--login <login>] [--location <id>]\n' +
        '    put somebody on the staff; the role is owner, marketer, cashier',
    )
    expect(helped('help', 'staff', 'add')).toBe(helped('staff', 'add', '--help'))
    expect(helped('import', '-h')).toMatch(/^npm run cli -- import <file\.csv>/)
    const staff = helped('staff', '--help')
    for (const command of ['staff add', 'staff list', 'staff pin', 'staff link']) expect(staff).toContain(command)
    expect(staff).not.toContain('webhooks')
  })

  test('runs a command of one word or two with the words behind it', () => {
    expect(asked('staff', 'add', 'Olena', 'cashier', '--login', 'olena', '--json')).toEqual({
      kind: 'run',
      command: COMMANDS['staff add'],
      args: ['Olena', 'cashier', '--login', 'olena'],
      isJson: true,
    })
    expect(asked('verify')).toMatchObject({ command: COMMANDS.verify, args: [], isJson: false })
  })

  test('takes "help" for help only as the first word: anywhere else somebody or something is called so', () => {
    expect(asked('staff', 'add', 'help', 'cashier', '--login', 'help')).toMatchObject({
      kind: 'run',
      args: ['help', 'cashier', '--login', 'help'],
    })
  })

  test('says what there is instead of what is not there, and no more than that', () => {
    expect(() => asked('nonsense', 'x')).toThrow(/^There is no command "nonsense"\. What there is: .+ --help$/)
    expect(() => asked('constructor', '--help')).toThrow('There is no command "constructor"')
    expect(() => asked('staff')).toThrow(/^"staff" is not a whole command\.\n\nnpm run cli -- staff/)
    expect(() => asked('staff', 'nonsense')).toThrow(/^There is no command "staff nonsense"\.\n\nnpm run cli -- staff/)
  })

  test('refuses an option that the command does not have, also where it takes none', () => {
    expect(() => asked('import', 'people.csv', '--dry-rum')).toThrow(
      /^There is no option --dry-rum here\.\nUse: npm run cli -- import <file\.csv>/,
    )
    expect(() => asked('keys', 'list', '--all=1')).toThrow('There is no option --all here.')
    expect(asked('webhooks', 'replay', 'wh_1', '--from', '2026-05-11', '--to=2026-05-12')).toMatchObject({
      kind: 'run',
    })
  })

  test('names each field that the program refuses, without a stack', async () => {
    const { run } = await openCommandLine()
    const refusalOf = (...args: string[]) => run('webhooks add', ...args).then(() => null, failureText)
    expect(await refusalOf('foo')).toMatch(/^url must be /)
    expect(await refusalOf('https://hooks.example.com/x', '--events', 'nope')).toMatch(/^events\[0\] must be one of /)
    expect(await run('webhooks remove', 'wh_none').then(() => null, failureText)).toMatch(/^[^\n]+\.$/)
    expect(failureText(new TypeError('a bug'))).toBeNull()
  })
})
