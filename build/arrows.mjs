import { dirname, relative, resolve, sep } from 'node:path'
import { root } from './setup/paths.mjs'

/**
 * Which folder may import which, inside one layer. `arrows` lists for each folder those that it knows beside itself; '' is the
 * layer's own files, and 'views/*' stands for each folder in views: those know one another only where the list says so.
 * Paths are resolved, so that `./`, `../` and any depth are read alike; what leaves the layer is the layer's own rule to judge.
 * @typedef {{ layer: string, arrows: Record<string, string[]> }} Options
 */

/** @type {import('eslint').Rule.RuleModule} */
const rule = {
  meta: { type: 'problem', schema: [{ type: 'object' }], messages: { forbidden: '{{ from }} may not import {{ to }}: see "Arrows" in docs/ARCHITECTURE.md.' } },
  create(context) {
    const { layer, arrows } = /** @type {Options} */ (context.options[0])
    const from = placeOf(layer, arrows, context.filename)
    /** @param {{ source?: unknown }} node */
    const check = ({ source }) => {
      const imported = /** @type {import('estree').Literal | null | undefined} */ (source)
      if (typeof imported?.value !== 'string' || !imported.value.startsWith('.') || from === null) return
      const to = placeOf(layer, arrows, resolve(dirname(context.filename), imported.value))
      if (to === null || to.folder === from.folder || arrows[from.key]?.includes(to.key)) return
      context.report({ node: imported, messageId: 'forbidden', data: { from: `${layer}/${from.folder}`, to: `${layer}/${to.folder}` } })
    }
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check, ImportExpression: check }
  },
}

/**
 * @param {string} layer
 * @param {Record<string, string[]>} arrows
 * @param {string} file
 * @returns {{ folder: string, key: string } | null} null outside of the layer
 */
function placeOf(layer, arrows, file) {
  const [first = '', ...rest] = relative(resolve(root, layer), file).split(sep)
  if (first === '..') return null
  if (rest.length === 0) return { folder: '', key: '' }
  const each = `${first}/*`
  return rest.length > 1 && each in arrows ? { folder: `${first}/${rest[0]}`, key: each } : { folder: first, key: first }
}

export const arrowsPlugin = { rules: { arrows: rule } }

/**
 * A layer's configuration for ESLint.
 * @param {string} layer
 * @param {Record<string, string[]>} arrows
 * @param {string[]} ignores
 */
export const foldersImport = (layer, arrows, ignores) => ({
  name: `isogloss/arrows-inside/${layer}`,
  files: [`${layer}/**/*.ts`, `${layer}/**/*.svelte`],
  ignores,
  plugins: { isogloss: arrowsPlugin },
  rules: { 'isogloss/arrows': /** @type {const} */ (['error', { layer, arrows }]) },
})
