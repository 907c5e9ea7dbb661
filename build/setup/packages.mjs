import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from './command.mjs'
import { root } from './paths.mjs'

/**
 * The npm packages of package-lock.json. npm writes node_modules/.package-lock.json last of all, so what that says is
 * installed, is: no stamp of our own has to be believed, and an interrupted installation is seen.
 */

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} Locked */

export function arePackagesReady() {
  const installed = packagesIn(join(root, 'node_modules', '.package-lock.json'))
  if (!installed) return false
  return Object.entries(packagesIn(join(root, 'package-lock.json')) ?? {}).every(([path, wanted]) => {
    const found = installed[path]
    if (path === '') return true
    // Optional ones may be for another platform.
    if (!found) return Boolean(wanted.optional || wanted.devOptional || wanted.peer)
    return found.version === wanted.version && (!wanted.integrity || found.integrity === wanted.integrity)
  })
}

/** @param {(line: string) => void} say */
export async function providePackages(say) {
  say('installing npm packages (about 600 MB on the disk, a minute)')
  await mustRun('Installing npm packages', 'npm', ['ci', '--no-progress'], { cwd: root })
}

/** @returns {Record<string, Locked> | null} */
function packagesIn(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return null
  }
}
