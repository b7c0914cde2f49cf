import { readFileSync } from 'node:fs'

export interface Stage {
  readonly name: string
  readonly base: string
  /** Its instructions in order, continued lines joined. */
  readonly instructions: readonly { readonly name: string; readonly words: string }[]
}

/** The stages of the project's Dockerfile, in order. The last one is built where none is asked for. */
export const readStages = (): Stage[] => {
  const text = readFileSync('Dockerfile', 'utf8')
    .replace(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
  return text
    .split(/^FROM /m)
    .slice(1)
    .map((part) => {
      const [from = '', ...lines] = part.split('\n').filter((line) => line.trim() !== '')
      const [base = '', name = ''] = from.split(' AS ')
      const instructions = lines.map((line) => {
        const [, instruction = '', words = ''] = /^(\w+) (.*)$/.exec(line) ?? []
        return { name: instruction, words }
      })
      return { name, base, instructions }
    })
}

export const stageOf = (name: string): Stage => {
  const stage = readStages().find((one) => one.name === name)
  if (!stage) throw new Error(`the Dockerfile has no stage ${name}`)
  return stage
}

/** What the stage's instructions of this name say. */
export const wordsOf = (stage: Stage, instruction: string): string[] =>
  stage.instructions.filter(({ name }) => name === instruction).map(({ words }) => words)

/** What the stage copies from the checkout (`from` null) or from another stage. */
export const copiesOf = (stage: Stage): { readonly from: string | null; readonly sources: readonly string[] }[] =>
  wordsOf(stage, 'COPY').map((words) => {
    const [, from = null, paths = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(words) ?? []
    return { from, sources: paths.split(' ').slice(0, -1) }
  })

/** The variables that the stage sets. */
export const variablesOf = (stage: Stage): Readonly<Record<string, string>> =>
  Object.fromEntries(wordsOf(stage, 'ENV').flatMap((words) => words.split(/\s+/).map((pair) => pair.split('=', 2))))
