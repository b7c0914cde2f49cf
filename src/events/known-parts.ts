import { blocks, envelope, type LoyaltyEvent } from './glossary.js'

export type KnownParts = Readonly<Record<string, unknown>>

/** What the glossary knows of an event, in every block, and nothing else: what a sender adds of its own may be personal. */
export const knownParts = (event: LoyaltyEvent): KnownParts => ({
  ...picked(
    event,
    Object.keys(envelope.shape).filter((name) => !Object.hasOwn(blocks, name)),
  ),
  ...Object.fromEntries(
    Object.entries(blocks).flatMap(([name, { shape }]) => {
      const block: unknown = Reflect.get(event, name)
      return typeof block === 'object' && block !== null ? [[name, picked(block, Object.keys(shape))]] : []
    }),
  ),
})

const picked = (from: object, names: readonly string[]): KnownParts =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value: unknown = Reflect.get(from, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
