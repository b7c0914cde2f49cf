import type { Reporter, SerializedError, TestModule, TestRunEndReason } from 'vitest/node'

/** Ends the run with one plain line that people and CI can read: `214 passed, 0 failed, 3 skipped`. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[], reason: TestRunEndReason) {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    for (const module of modules) for (const test of module.children.allTests()) count[test.result().state] += 1
    // A file that cannot be loaded or a hook that throws has no test to its name, and fails the run all the same.
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()])
    const broken = suites.filter((suite) => suite.errors().length > 0).length
    const failed = count.failed + broken + unhandled.length
    const leastFailed = reason === 'passed' ? 0 : 1
    const skipped = count.skipped + count.pending > 0 ? `, ${count.skipped + count.pending} skipped` : ''
    process.stdout.write(`\n${count.passed} passed, ${Math.max(failed, leastFailed)} failed${skipped}\n`)
  }
}
