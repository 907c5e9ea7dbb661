import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { missingDebianPackages, provideDebianPackages } from './setup/debian.mjs'
import { isElectronReady, provideElectron } from './setup/electron.mjs'
import { withLock } from './setup/lock.mjs'
import { arePackagesReady, providePackages } from './setup/packages.mjs'
import { cacheDirectory } from './setup/paths.mjs'
import { forgetFailure, recentFailure, rememberFailure } from './setup/remember.mjs'
import { isTensorFlowReady, provideTensorFlow } from './setup/tensorflow.mjs'
import { checkBuildTools, checkNode } from './setup/tools.mjs'

/**
 * `npm run setup [-- --for demo|window|test|cli]`: everything beyond the checkout that a purpose needs, each step only if
 * it is not done. Nothing half-made is left behind, and a second set-up at the same time waits for the first.
 */

const purposes = ['demo', 'window', 'test', 'cli', 'all']
const say = (/** @type {string} */ line) => process.stderr.write(`set-up: ${line}\n`)

/**
 * @param {string} purpose 'all' when a person asks for the set-up itself: what failed of late is tried again
 * @param {boolean} quiet do not say that there was nothing to do
 * @returns {Promise<boolean>} whether everything that the purpose needs is there
 */
export async function setUp(purpose, quiet) {
  checkNode()
  const needsWindow = purpose === 'window' || purpose === 'test' || purpose === 'all'
  const needsDisplay = purpose === 'test' || (purpose === 'all' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
  if (purpose === 'all') for (const what of ['tensorflow', 'electron']) forgetFailure(what)

  const isDone = () =>
    arePackagesReady() &&
    (isTensorFlowReady() || (purpose !== 'test' && recentFailure('tensorflow') !== null)) &&
    (!needsWindow || (isElectronReady() && missingDebianPackages(needsDisplay).length === 0))
  if (isDone()) {
    if (!quiet) say('everything is there')
    return true
  }

  return withLock(join(cacheDirectory, 'setup.lock'), () => provide(purpose, needsWindow, needsDisplay), say)
}

/**
 * @param {string} purpose
 * @param {boolean} needsWindow
 * @param {boolean} needsDisplay
 */
async function provide(purpose, needsWindow, needsDisplay) {
  // A window may open and a demo run with less than everything; tests may not, and who asks for the set-up wants to know.
  const strict = purpose === 'test' || purpose === 'all'
  let complete = true
  if (!arePackagesReady()) await providePackages(say)
  if (needsWindow) {
    const missing = missingDebianPackages(needsDisplay)
    const left = missing.length > 0 ? await provideDebianPackages(missing, say) : null
    if (left) {
      complete = !strict
      say(`the window needs Debian packages that only an administrator can install. Run:\n  ${left}`)
    }
  }
  if (!isTensorFlowReady() && (purpose === 'test' || recentFailure('tensorflow') === null)) {
    try {
      await checkBuildTools()
      await provideTensorFlow(say)
      forgetFailure('tensorflow')
    } catch (error) {
      complete = complete && !strict
      const reason = error instanceof Error ? error.message : String(error)
      rememberFailure('tensorflow', reason)
      say(`there is no native TensorFlow: ${reason}`)
      say('Isogloss runs without it, and trains very slowly; "npm run setup" tries again')
    }
  }
  if (needsWindow && !isElectronReady()) await provideElectron(say)
  if (complete) say('done')
  return complete
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { values } = parseArgs({
      options: { for: { type: 'string', default: 'all' }, quiet: { type: 'boolean', default: false } },
    })
    if (!purposes.includes(values.for))
      throw new Error(`--for is "${values.for}", expected one of ${purposes.join(', ')}.`)
    if (!(await setUp(values.for, values.quiet))) process.exitCode = 1
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
