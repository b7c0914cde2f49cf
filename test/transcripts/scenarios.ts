import { CHOICES } from './choices.js'
import { COUNTER } from './counter.js'
import { CUSTOMERS } from './customers.js'
import type { Scenario } from './scenario.js'
import { TEAM } from './team.js'

/** All conversations that are written down. */
export const SCENARIOS: readonly Scenario[] = [...CUSTOMERS, ...CHOICES, ...TEAM, ...COUNTER]

/** The approved files of a scenario, one for each language. */
export const filesOf = ({ name, languages }: Scenario): readonly string[] =>
  languages.map((language) => `${name}.${language}.txt`)
