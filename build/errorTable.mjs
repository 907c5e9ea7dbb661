// `node build/errorTable.mjs`: writes docs/errors.md, the table of every error code that a person or a script can meet.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { root } from './setup/paths.mjs'

/** `area/what-is-wrong` */
const pattern = /^[a-z]+(-[a-z]+)*\/[a-z]+(-[a-z]+)*$/

/** @typedef {{ code: string, file: string, message: string | null }} Raised */

export const table = join(root, 'docs', 'errors.md')

const isTest = /\.test\.ts$|\/(testing|integration)\//

/** Our sources, without tests. */
export const sources = () =>
  readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => join(root, 'src', name))
    .filter((path) => /\.(ts|mjs|svelte)$/.test(path) && !isTest.test(path))
    .sort()

/**
 * Where each code stands in the sources: as the first argument of an EngineError, or as what is called `code`.
 * @returns {Raised[]}
 */
export const raisedCodes = () => sources().flatMap((path) => codesOf(readFileSync(path, 'utf8'), relative(root, path)))

/**
 * @param {string} text
 * @param {string} file
 * @returns {Raised[]}
 */
export function codesOf(text, file) {
  const script = file.endsWith('.svelte')
    ? [...text.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, inner]) => inner).join('\n')
    : text
  const source = ts.createSourceFile('x.ts', script, ts.ScriptTarget.Latest, true)
  /** @type {Raised[]} */
  const found = []
  /**
   * @param {ts.Node} node
   * @param {string | null} message
   */
  const take = (node, message) => {
    if (ts.isStringLiteral(node) && pattern.test(node.text)) found.push({ code: node.text, file, message })
    ts.forEachChild(node, (child) => take(child, message))
  }
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'EngineError' && node.arguments?.[0])
      take(node.arguments[0], textOf(node.arguments[1]))
    else if (
      (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) &&
      node.name.getText() === 'code' &&
      node.initializer
    )
      take(node.initializer, messageBeside(node))
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** The message of a report that is written out as `{ code, message }`, or of the error that a `code` of the same block is for. */
function messageBeside(/** @type {ts.PropertyAssignment | ts.VariableDeclaration} */ node) {
  if (!ts.isPropertyAssignment(node)) {
    /** @type {(other: ts.Node) => string | null | undefined} */
    const search = (other) =>
      ts.isNewExpression(other) && other.arguments?.[0]?.getText() === 'code'
        ? textOf(other.arguments[1])
        : ts.forEachChild(other, search)
    return search(node.parent.parent.parent) ?? null
  }
  const beside = node.parent.properties.find((property) => property.name?.getText() === 'message')
  return beside && ts.isPropertyAssignment(beside) ? textOf(beside.initializer) : null
}

/**
 * Words with an ellipsis for what is filled in; null where they come from elsewhere.
 * @param {ts.Node | undefined} node
 * @returns {string | null}
 */
function textOf(node) {
  if (!node) return null
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')
  if (!ts.isBinaryExpression(node)) return null
  const [left, right] = [textOf(node.left), textOf(node.right)]
  return left === null || right === null ? null : left + right
}

/** One row a code, by its name; of several messages the first. */
export function errorTable(/** @type {Raised[]} */ raised) {
  /** @type {Map<string, Raised[]>} */
  const byCode = new Map()
  for (const one of raised) byCode.set(one.code, [...(byCode.get(one.code) ?? []), one])
  const cell = (/** @type {string} */ text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;')
  const rows = [...byCode]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, places]) => {
      const said = places.find(({ message }) => message !== null)?.message ?? 'What went wrong, in words.'
      return `| \`${code}\` | ${cell(said)} | ${[...new Set(places.map(({ file }) => file.replace('src/', '')))].map((file) => `\`${file}\``).join(', ')} |`
    })
  return [
    '# Errors',
    '',
    'Every error has a code, which scripts may rely on, and says what was found, what was expected and what to do. The command line',
    'writes `code: message` and ends with 1, or with 2 where it was called wrongly. `…` stands for what is filled in; where a code has',
    'several messages, the first one is here. This table is made from the sources by `node build/errorTable.mjs`.',
    '',
    '| Code | Says | Raised in `src/` |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(table, errorTable(raisedCodes()))
