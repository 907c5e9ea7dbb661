import { LineCounter, YAMLParseError, isNode, isScalar, parse, parseDocument, type Document } from 'yaml'

/** The experiment file is edited as text, by hand or by the form beside it: comments and order stay a person's own. */

export type Path = readonly (string | number)[]

/** What is written at a path; undefined where nothing is, or where the text is no YAML. */
export function valueAt(text: string, path: Path): unknown {
  const document = parseDocument(text)
  return document.errors.length === 0 ? asPlain(document, path) : undefined
}

/** The text with one value changed; undefined takes the key out. Text that is no YAML stays as it is. */
export function withValue(text: string, path: Path, value: unknown): string {
  const document = parseDocument(text)
  if (document.errors.length > 0) return text
  if (value === undefined) {
    document.deleteIn(path)
    return print(document)
  }
  const written = document.getIn(path, true)
  // A scalar that stays a scalar keeps the comment behind it.
  if (isScalar(written) && !(value !== null && typeof value === 'object')) written.value = value
  else document.setIn(path, document.createNode(value, { flow: isShort(value) }))
  return print(document)
}

/** Line (from 1) on which a path is written; of one that is not, that of its nearest parent. */
export function lineOf(text: string, path: Path): number | null {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return null
}

/** The values of a text, or why it is no YAML and where. */
export function readYaml(text: string): { value: unknown } | { problem: string; line: number | null } {
  try {
    return { value: parse(text) }
  } catch (error) {
    const line = error instanceof YAMLParseError ? (error.linePos?.[0].line ?? null) : null
    const first = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
    return { problem: `This is not valid YAML: ${first.replace(/:$/, '')}.`.replace('..', '.'), line }
  }
}

const print = (document: Document) => document.toString({ lineWidth: 0, flowCollectionPadding: false })

const asPlain = (document: Document, path: Path): unknown => {
  const node = document.getIn(path, true)
  return isNode(node) ? node.toJS(document) : node
}

const isShort = (value: unknown) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item) => typeof item === 'number' || (typeof item === 'string' && item.length < 20))
