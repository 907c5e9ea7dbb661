import { cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPackage } from '@electron/asar'
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'
import { copyStripped } from './stageEngine.mjs'
import { root } from '../setup/paths.mjs'

/** Electron with the window's bundles in its archive; the engine's folder lies beside that. */

/** Chromium's own words are seen in no dialogue of ours: menus and files speak English. */
const keptLocales = ['en-US.pak']

/**
 * @param {string} dist folder of an Electron
 * @param {string} target
 * @param {{ version: string, productName: string }} about
 */
export async function stageWindow(dist, target, { version, productName }) {
  await cp(dist, target, { recursive: true, dereference: true })
  for (const name of await readdir(join(target, 'locales')))
    if (!keptLocales.includes(name)) await rm(join(target, 'locales', name))
  await rm(join(target, 'resources', 'default_app.asar'), { force: true })
  await rename(join(target, 'electron'), join(target, 'isogloss'))
  await setFuses(join(target, 'isogloss'))
  // The helper that makes namespaces where users may not: root's own, as Chromium asks.
  await copyStripped(join(dist, 'chrome-sandbox'), join(target, 'chrome-sandbox'))
  await packArchive(join(target, 'resources', 'app.asar'), { version, productName })
}

/** What a packed program may be turned into by whoever starts it: https://www.electronjs.org/docs/latest/tutorial/fuses */
const setFuses = (/** @type {string} */ executable) =>
  flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    [FuseV1Options.EnableCookieEncryption]: true,
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
  })

/**
 * @param {string} archive
 * @param {{ version: string, productName: string }} about
 */
async function packArchive(archive, about) {
  const folder = `${archive}.contents`
  await layOutApp(folder, about)
  await createPackage(folder, archive)
  await rm(folder, { recursive: true })
}

/**
 * The window's bundles and what Electron asks of a program's folder.
 * @param {string} folder
 * @param {{ version: string, productName: string }} about
 */
export async function layOutApp(folder, about) {
  await mkdir(folder, { recursive: true })
  for (const part of ['main', 'preload', 'renderer'])
    await cp(join(root, 'out', part), join(folder, 'out', part), { recursive: true })
  await mkdir(join(folder, 'resources'))
  await cp(join(root, 'resources', 'icon.png'), join(folder, 'resources', 'icon.png'))
  const described = {
    ...{ name: 'isogloss', ...about, license: 'MIT', author: 'The Isogloss contributors' },
    ...{ type: 'module', main: './out/main/index.js' },
  }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(described, null, 2)}\n`)
}
