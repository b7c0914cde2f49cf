import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { dependenciesAreCurrent, installDependencies } from './dependencies.mjs'
import { LaunchError } from './launch-error.mjs'
import { withLock } from './lock.mjs'
import { buildIsCurrent } from './outputs.mjs'

/**
 * Installs when node_modules is missing or stale and builds what changed; when there is nothing to do, it only looks. Of
 * several processes one works and the others wait for it.
 * @param {string} root
 */
export const prepare = (root) => {
  if (dependenciesAreCurrent(root) && buildIsCurrent(root)) return
  withLock(path.join(root, 'dist', '.lock'), () => {
    if (!dependenciesAreCurrent(root)) installDependencies(root)
    if (!buildIsCurrent(root)) build(root)
  })
}

/**
 * Builds in a process of its own, so that the compiler's memory is given back before the program starts.
 * @param {string} root
 */
const build = (root) => {
  const { status } = spawnSync(process.execPath, [path.join(root, 'src/launch/build.mjs')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) throw new LaunchError('The build failed: correct what is named above and run the command again.')
}
