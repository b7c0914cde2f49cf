import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './test/support/summary-reporter.js'

/** What runs the real program in processes of its own: one file at a time, after everything else. */
const E2E = 'test/{e2e,containers}/**/*.test.ts'
/** The same, breaking it on the way. */
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
    hookTimeout: 60_000,
    // A shared machine may stop for seconds; what fails twice is broken. At one's own desk nothing is tried again.
    retry: process.env.CI === 'true' ? 1 : 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'main',
          include: ['test/**/*.test.ts'],
          exclude: [E2E, FAULTS],
          maxWorkers: 2,
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [E2E],
          maxWorkers: 1,
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          // Here, because what a project extends is read again without the mode.
          provide: { faultRuns: mode === 'long' ? 'long' : 'short' },
          include: [FAULTS],
          maxWorkers: 1,
          testTimeout: mode === 'long' ? 20 * 60_000 : 3 * 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
}))
