import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './test/support/summary-reporter.js'

/** What runs real programs for long and looks at their timing: one file at a time, after everything else. */
const FAULTS = 'test/faults/**/*.test.ts'

/**
 * `npm run test:faults` asks for the long fault runs with `--mode long`; a plain `npm test` has their short form. A test
 * reads which one with `inject('faultRuns')`.
 */
export default defineConfig(({ mode }) => ({
  test: {
    reporters: ['default', new SummaryReporter()],
    globalSetup: ['./test/support/build-before-tests.ts'],
    pool: 'forks',
    provide: { faultRuns: mode === 'long' ? 'long' : 'short' },
    projects: [
      {
        extends: true,
        test: {
          name: 'main',
          include: ['test/**/*.test.ts'],
          exclude: [FAULTS],
          maxWorkers: 2,
          testTimeout: 20_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: [FAULTS],
          maxWorkers: 1,
          testTimeout: mode === 'long' ? 20 * 60_000 : 3 * 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
}))
