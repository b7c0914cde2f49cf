import { PassThrough } from 'node:stream'
import { describe, expect, test, vi } from 'vitest'
import { openAsker } from '../../src/cli/questions.js'

const NAME = {
  option: 'name',
  text: 'What is it called?',
  usual: 'Demo Coffee',
  read: (typed: string) => (typed.length > 2 ? typed : null),
  hint: 'At least three letters.',
}

const atTerminal = () => {
  const input = Object.assign(new PassThrough(), { isTTY: true })
  const output = new PassThrough()
  let seen = ''
  output.setEncoding('utf8').on('data', (text: string) => {
    seen += text
  })
  return { asker: openAsker('init', { input, output }), input, seen: () => seen }
}

describe('a question at the terminal', () => {
  test('is asked again with a hint until the answer is one', async () => {
    const { asker, input, seen } = atTerminal()
    const answer = asker.ask(NAME, undefined)
    input.write('x\n')
    await vi.waitFor(() => expect(seen()).toMatch(/ {2}At least three letters\.\nWhat is it called\? .+: $/))
    input.write('  Bean & Leaf \n')
    expect(await answer).toBe('Bean & Leaf')
    asker.close()
  })

  test('has a usual answer, which Enter alone gives', async () => {
    const { asker, input } = atTerminal()
    const answer = asker.ask(NAME, undefined)
    input.write('\n')
    expect(await answer).toBe('Demo Coffee')
    asker.close()
  })

  test('that nobody answers any more says that nothing was made', async () => {
    const { asker, input } = atTerminal()
    const answer = asker.ask(NAME, undefined)
    input.end()
    await expect(answer).rejects.toThrow('nothing was made')
  })
})
