import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'

/**
 * The licences of everything that goes into a package, each with its text: what the authors of each part ask for.
 * @typedef {{ name: string, version: string, licence: string, text: string }} Licence
 */

const ownTexts = new URL('./licenceTexts/', import.meta.url)

/**
 * Every package that package.json's dependencies bring, with or without native parts; those that are not installed here (of
 * another system) are left out.
 * @returns {Licence[]} by name and version
 * @throws {Error} where a package has neither a text nor a licence whose text is known
 */
export function npmLicences() {
  /** @type {{ packages: Record<string, { dev?: boolean, version?: string }> }} */
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  /** @type {Map<string, Licence>} */
  const found = new Map()
  for (const [path, { dev }] of Object.entries(lock.packages)) {
    if (path === '' || dev) continue
    const licence = licenceOfPackage(join(root, path))
    if (licence) found.set(`${licence.name} ${licence.version}`, licence)
  }
  return [...found.values()].sort((a, b) => order(a.name, b.name) || order(a.version, b.version))
}

const order = (/** @type {string} */ a, /** @type {string} */ b) => (a < b ? -1 : a > b ? 1 : 0)

/**
 * @param {string} folder of an installed package
 * @returns {Licence | null} null where it is not installed
 */
export function licenceOfPackage(folder) {
  /** @type {{ name: string, version: string, license?: string | { type: string }, licenses?: { type: string }[], author?: string | { name: string } }} */
  let about
  try {
    about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return null
    throw error
  }
  const { name, version, license, licenses, author } = about
  const licence = typeof license === 'string' ? license : (license?.type ?? licenses?.[0]?.type ?? '')
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)(?![a-z])/i.test(file))
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim())
  const holder = typeof author === 'string' ? author : (author?.name ?? `The authors of ${name}`)
  const text = texts.length > 0 ? texts.join('\n\n') : textOf(licence, holder)
  if (text === null) {
    throw new Error(
      `${name} ${version} has the licence "${licence}" and no file of its text. Put the text into build/packages/licenceTexts/.`,
    )
  }
  return { name, version, licence, text }
}

/** The text of a licence that a package only names; null where there is none here. */
function textOf(/** @type {string} */ licence, /** @type {string} */ holder) {
  try {
    const texts = licence.split(' AND ').map((name) => readFileSync(new URL(`${name}.txt`, ownTexts), 'utf8').trim())
    return texts.join('\n\n').replaceAll('<holder>', holder)
  } catch {
    return null
  }
}

/** One document of all of them. */
export const licenceDocument = (/** @type {Licence[]} */ licences) =>
  licences
    .map(({ name, version, licence, text }) => `${'='.repeat(78)}\n${name} ${version}\n${licence}\n\n${text}\n`)
    .join('\n')
