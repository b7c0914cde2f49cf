import { spawnSync } from 'node:child_process'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** How long the fault runs may take. */
    faultRuns: 'short' | 'long'
  }
}

/**
 * Tests of the whole program run what `npm start` runs: dist/, brought up to date. Here a build that fails is only shown,
 * so that one part can be tested while another does not compile; `npm test` has refused to start by then.
 */
export const setup = (project: TestProject): void => {
  const launcher = ['src/launch/launch.mjs', 'build']
  spawnSync(process.execPath, launcher, { cwd: project.config.root, stdio: ['ignore', 'inherit', 'inherit'] })
}
