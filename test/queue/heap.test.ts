import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heap } from '../../src/queue/heap.js'

test('a heap gives back what was put in, the smallest first, also when both alternate', () => {
  const puts = fc.array(fc.option(fc.integer({ min: 0, max: 50 }), { freq: 3 }))
  fc.assert(
    fc.property(puts, (steps) => {
      const heap = new Heap<{ at: number }>()
      const model: number[] = []
      const take = (): void => {
        model.sort((a, b) => a - b)
        expect(heap.peek()?.at).toBe(model[0])
        expect(heap.pop()?.at).toBe(model.shift())
      }
      for (const at of steps) {
        if (at === null) take()
        else {
          heap.push({ at })
          model.push(at)
        }
      }
      while (model.length > 0) take()
      expect(heap.pop()).toBeUndefined()
    }),
  )
})
