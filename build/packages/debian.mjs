import { createHash } from 'node:crypto'
import { chmodSync, lutimesSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { mustRun } from '../setup/command.mjs'

/** Debian packages by dpkg-deb itself (deb(5)), the same bytes from the same tree. */

/**
 * @typedef {object} Control
 * @property {string} name
 * @property {string} version
 * @property {string} architecture
 * @property {string} section
 * @property {string} summary one line
 * @property {string} description a paragraph
 * @property {Record<string, string[]>} relations Depends, Recommends and so on
 */

/** The control file (https://www.debian.org/doc/debian-policy/ch-controlfields.html). */
export function controlFile(/** @type {Control} */ control, /** @type {number} */ installedKiB) {
  const { name, version, architecture, section, summary, description, relations } = control
  return `${[
    `Package: ${name}`,
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    'Maintainer: The Isogloss contributors <packages@isogloss.invalid>',
    `Section: ${section}`,
    'Priority: optional',
    `Installed-Size: ${installedKiB}`,
    ...Object.entries(relations).map(([field, packages]) => `${field}: ${packages.join(', ')}`),
    `Description: ${summary}`,
    ...description.split('\n').map((line) => ` ${line === '' ? '.' : line}`),
  ].join('\n')}\n`
}

/**
 * Packs a tree.
 * @param {string} tree folder that stands for /; gets a folder DEBIAN
 * @param {Control} control
 * @param {{ epochS: number, scripts: Record<string, string>, conffiles: string[], output: string }} how scripts: preinst,
 *   postinst, prerm, postrm; output: folder for the package
 * @returns {Promise<string>} the package's path
 */
export async function packDebian(tree, control, { epochS, scripts, conffiles, output }) {
  const meta = join(tree, 'DEBIAN')
  await rm(meta, { recursive: true, force: true })
  const files = filesOf(tree)
  const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0)
  const sums = files.map((path) => `${md5(path)}  ${relative(tree, path)}\n`)
  await mkdir(meta, { recursive: true })
  await writeFile(join(meta, 'control'), controlFile(control, Math.ceil(bytes / 1024)))
  await writeFile(join(meta, 'md5sums'), sums.join(''))
  if (conffiles.length > 0) await writeFile(join(meta, 'conffiles'), `${conffiles.join('\n')}\n`)
  for (const [name, text] of Object.entries(scripts)) await writeFile(join(meta, name), text, { mode: 0o755 })
  settle(tree, epochS)
  await mkdir(output, { recursive: true })
  const path = join(output, `${control.name}_${control.version}_${control.architecture}.deb`)
  await mustRun(
    `Packing ${control.name}`,
    'dpkg-deb',
    ['--root-owner-group', '-Zzstd', '-z9', '--build', tree, path],
    // Blocks are cut otherwise with one thread than with several.
    { env: { SOURCE_DATE_EPOCH: String(epochS), DPKG_DEB_THREADS_MAX: '2' } },
  )
  return path
}

/** Every file below a folder, sorted; no folders and no links. */
const filesOf = (/** @type {string} */ folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

/** md5 is what dpkg --verify reads; the archive's signature covers sha256. */
const md5 = (/** @type {string} */ path) => createHash('md5').update(readFileSync(path)).digest('hex')

/** Modes and times that hang on nothing but the content: the umask and the clock of the build leave no trace. */
function settle(/** @type {string} */ tree, /** @type {number} */ epochS) {
  const entries = readdirSync(tree, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) chmodSync(path, 0o755)
    else if (entry.isFile()) {
      const { mode } = statSync(path)
      const special = mode & 0o7000
      chmodSync(path, special | (mode & 0o100 ? 0o755 : 0o644))
    }
  }
  chmodSync(tree, 0o755)
  // Links too, which dpkg-deb's own clamp would leave only if newer.
  for (const entry of entries) lutimesSync(join(entry.parentPath, entry.name), epochS, epochS)
  lutimesSync(tree, epochS, epochS)
}
