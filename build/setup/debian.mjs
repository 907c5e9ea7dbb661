import { execFileSync } from 'node:child_process'
import { findProgram, mustRun, run } from './command.mjs'

/** Libraries that Electron links to; since Debian 13 and Ubuntu 24.04 some names end in t64. */
export const electronLibraries = [
  ...['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libxtst6', 'libsecret-1-0', 'libatk-bridge2.0-0'],
  ...['libdrm2', 'libxkbcommon0', 'libcups2', 'libnotify4'],
]
/** A display for machines without one, and something to write with on it. */
const virtualDisplay = ['xvfb', 'xauth', 'fonts-dejavu-core']

/**
 * Debian packages that the window (or its tests) needs and that are not installed; none where this is not a Debian.
 * @param {boolean} withDisplay also a virtual display
 */
export function missingDebianPackages(withDisplay) {
  if (!findProgram('dpkg-query')) return []
  const wanted = withDisplay ? [...electronLibraries, ...virtualDisplay] : electronLibraries
  const installed = installedPackages(wanted.flatMap((name) => [name, `${name}t64`]))
  return wanted.filter((name) => !installed.has(name) && !installed.has(`${name}t64`))
}

/**
 * Installs them where we may, else says the line that does.
 * @param {string[]} missing
 * @param {(line: string) => void} say
 * @returns {Promise<string | null>} what is left to do by hand
 */
export async function provideDebianPackages(missing, say) {
  if (process.getuid?.() !== 0) return `sudo apt-get update && sudo apt-get install -y ${missing.join(' ')}`
  say(`installing Debian packages: ${missing.join(', ')}`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  if (!(await isKnown(missing[0] ?? ''))) await mustRun('apt-get update', 'apt-get', ['update'], { env })
  const names = []
  for (const name of missing) names.push((await isKnown(`${name}t64`)) ? `${name}t64` : name)
  const install = ['install', '-y', '--no-install-recommends', ...names]
  if ((await run('apt-get', install, { env })).code === 0) return null
  // The lists may be older than the archive.
  await mustRun('apt-get update', 'apt-get', ['update'], { env })
  await mustRun('apt-get install', 'apt-get', install, { env })
  return null
}

/** @param {string[]} names */
function installedPackages(names) {
  const format = '-f=${db:Status-Status} ${Package}\n'
  let output = ''
  try {
    output = execFileSync('dpkg-query', ['-W', format, ...names], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch (error) {
    // It ends with 1 when it does not know one of the names, and still lists the others.
    output = String(/** @type {{ stdout?: string }} */ (error).stdout ?? '')
  }
  const lines = output.split('\n').filter((line) => line.startsWith('installed '))
  return new Set(lines.map((line) => line.slice('installed '.length)))
}

const isKnown = async (/** @type {string} */ name) =>
  (await run('apt-cache', ['show', '--no-all-versions', name])).output.includes('Filename:')
