import type { Command } from './command.js'

type Explained = Pick<Command, 'usage' | 'about'>

/** Every command by its words with what it does, in lines of at most `width` characters. */
export const overview = (commands: Readonly<Record<string, Explained>>, width: number): string => {
  const column = Math.max(...Object.keys(commands).map((name) => name.length)) + 4
  const lines = Object.entries(commands).map(([name, { about }]) => {
    const [first = '', ...others] = wrapped(about, width - column)
    return [`  ${name}`.padEnd(column) + first, ...others.map((line) => ' '.repeat(column) + line)].join('\n')
  })
  return [
    'Use: npm run cli -- <command> [--json]',
    'What a command takes: npm run cli -- <command> --help',
    '',
    ...lines,
    '',
    'It works on the database that the environment and .env name, also while the program runs.',
  ].join('\n')
}

/** How these commands are written, each with what it does. */
export const helpOn = (commands: readonly Explained[]): string =>
  commands.map(({ usage, about }) => `npm run cli -- ${usage}\n    ${about}`).join('\n\n')

const wrapped = (text: string, width: number): readonly string[] => {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}
