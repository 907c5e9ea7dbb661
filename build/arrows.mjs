import { dirname, relative, resolve, sep } from 'node:path'
import { root } from './setup/paths.mjs'

/**
 * Which folder may import which, inside one layer or inside `src`. `arrows` lists for each folder what it knows beside itself;
 * '' is the layer's own files, and 'views/*' stands for each folder in views that has no line of its own: those know one another
 * only where the list says so. An entry that is no key of `arrows` is a folder or a file below the layer, and means that alone.
 * Paths are resolved, so that `./`, `../`, `#engine/` and any depth are read alike. What lies outside of the layer is for the
 * layer above to judge; where there is none (`closed`), it is refused unless it is listed, from the layer's own folder.
 * @typedef {{ layer: string, arrows: Record<string, string[]>, closed?: boolean }} Options
 * @typedef {{ path: string, key: string, folder: string }} Place
 */

/** @type {import('eslint').Rule.RuleModule} */
const rule = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object' }],
    messages: { forbidden: '{{ from }} may not import {{ to }}: see "Arrows" in docs/ARCHITECTURE.md.' },
  },
  create(context) {
    const { layer, arrows, closed = false } = /** @type {Options} */ (context.options[0])
    const from = placeOf(layer, arrows, context.filename)
    /** @param {{ source?: unknown }} node */
    const check = ({ source }) => {
      const imported = /** @type {import('estree').Literal | null | undefined} */ (source)
      const file = typeof imported?.value === 'string' ? fileOf(imported.value, context.filename) : null
      if (!imported || file === null) return
      const to = placeOf(layer, arrows, file)
      if (to.key === '..' ? !closed : to.folder === from.folder) return
      if (arrows[from.key]?.some((name) => name === to.key || (!(name in arrows) && isWithin(to.path, name)))) return
      context.report({
        node: imported,
        messageId: 'forbidden',
        data: { from: `${layer}/${from.folder}`, to: `${layer}/${to.path}` },
      })
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    }
  },
}

/**
 * The file that an import names; null for a package. `#engine/` and its like are folders of src.
 * @param {string} name
 * @param {string} importer
 */
function fileOf(name, importer) {
  if (name.startsWith('#')) return resolve(root, 'src', name.slice(1))
  return /^\.\.?(\/|$)/.test(name) ? resolve(dirname(importer), name) : null
}

/**
 * @param {string} layer
 * @param {Record<string, string[]>} arrows
 * @param {string} file
 * @returns {Place} with the key '..' outside of the layer
 */
function placeOf(layer, arrows, file) {
  const parts = relative(resolve(root, layer), file).split(sep)
  const path = parts.join('/')
  const [first = '', second = ''] = parts
  if (first === '..') return { path, key: '..', folder: path }
  if (parts.length === 1) return { path, key: '', folder: '' }
  const inner = parts.length > 2 ? [`${first}/${second}`, `${first}/*`].find((key) => key in arrows) : undefined
  return inner ? { path, key: inner, folder: `${first}/${second}` } : { path, key: first, folder: first }
}

/**
 * @param {string} path
 * @param {string} name
 */
const isWithin = (path, name) => path === name || path.startsWith(`${name}/`)

export const arrowsPlugin = { rules: { arrows: rule, layers: rule } }

/**
 * The configuration for ESLint of a layer's folders.
 * @param {string} layer
 * @param {Record<string, string[]>} arrows
 * @param {string[]} ignores
 */
export const foldersImport = (layer, arrows, ignores) => ({
  name: `isogloss/arrows-inside/${layer}`,
  files: [`${layer}/**/*.{ts,mjs,svelte}`],
  ignores,
  plugins: { isogloss: arrowsPlugin },
  rules: { 'isogloss/arrows': /** @type {const} */ (['error', { layer, arrows }]) },
})

/**
 * That of the layers themselves: a rule of its own, since a file obeys its layer's arrows and those inside of it.
 * @param {Record<string, string[]>} arrows
 * @param {string[]} ignores
 */
export const layersImport = (arrows, ignores) => ({
  name: 'isogloss/arrows-between-layers',
  files: ['src/**/*.{ts,mjs,svelte}'],
  ignores,
  plugins: { isogloss: arrowsPlugin },
  rules: { 'isogloss/layers': /** @type {const} */ (['error', { layer: 'src', arrows, closed: true }]) },
})
