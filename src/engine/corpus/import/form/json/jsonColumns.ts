import type { JsonObject } from './parseJson.ts'

/** Deeper values are no rows of a corpus. */
const deepest = 32
/** A list of numbers up to this long is a point or a box, whose numbers are columns of their own. */
const longestPoint = 4
const mostLateKeys = 20

export class TooDeep extends Error {}

interface Node {
  path: string
  /** -1: no column. */
  column: number
  hasText: boolean
  children: Map<string, Node>
}

/**
 * Columns of JSON objects: one for each value that is no object, called by its path, "user.id_str". Lists of a few numbers
 * have a column for each, counted from 0 ("coordinates.coordinates.1"), as have lists of such lists; lists of words are one
 * column, joined by ", "; lists of objects are kept as JSON.
 */
export class JsonColumns {
  readonly names: string[] = []
  /** Rows with keys that the sample does not have. */
  readonly late = new Map<string, number>()
  readonly #root: Node = nodeOf('')
  readonly #texts: string[]

  /** @throws TooDeep */
  constructor(sample: Iterable<JsonObject>) {
    for (const object of sample) learn(this.#root, object, 0)
    this.#number(this.#root)
    this.#texts = new Array<string>(this.names.length)
  }

  /**
   * Values of an object in the order of columns, empty where it has none; valid until the next call.
   * @throws TooDeep
   */
  textsOf(object: JsonObject): string[] {
    this.#texts.fill('')
    this.#take(this.#root, object, 0)
    return this.#texts
  }

  #number(node: Node): void {
    if (node !== this.#root && (node.hasText || node.children.size === 0)) node.column = this.names.push(node.path) - 1
    for (const child of node.children.values()) this.#number(child)
  }

  #take(node: Node, value: unknown, depth: number): void {
    if (depth > deepest) throw new TooDeep()
    if (value === null || value === undefined) return
    if (typeof value === 'object' && (node.children.size > 0 || node === this.#root) && isSpread(value)) {
      const values = value as Record<string, unknown>
      for (const key of Object.keys(values)) {
        const child = node.children.get(key)
        if (child) this.#take(child, values[key], depth + 1)
        else if (values[key] !== null) this.#tell(node === this.#root ? key : `${node.path}.${key}`)
      }
    } else if (node.column >= 0) this.#texts[node.column] = textOfValue(value)
    else this.#tell(node.path)
  }

  #tell(path: string): void {
    if (this.late.has(path) || this.late.size < mostLateKeys) this.late.set(path, (this.late.get(path) ?? 0) + 1)
  }
}

const nodeOf = (path: string): Node => ({ path, column: -1, hasText: false, children: new Map() })

function learn(node: Node, value: unknown, depth: number): void {
  if (depth > deepest) throw new TooDeep()
  if (value === null || value === undefined) return
  if (typeof value !== 'object' || !isSpread(value)) {
    node.hasText ||= !Array.isArray(value) || value.length > 0
    return
  }
  for (const [key, inner] of Object.entries(value)) {
    let child = node.children.get(key)
    if (!child) node.children.set(key, (child = nodeOf(depth === 0 ? key : `${node.path}.${key}`)))
    learn(child, inner, depth + 1)
  }
}

/** Whether a value is spread over columns, or is one itself. */
const isSpread = (value: object) => !Array.isArray(value) || isPoint(value) || isListOfPoints(value, 0)

const isNumeric = (value: unknown) =>
  typeof value === 'number' || (typeof value === 'string' && /^-?\d+\.\d+$/.test(value))
const isPoint = (list: unknown[]) => list.length > 1 && list.length <= longestPoint && list.every(isNumeric)

/** As a tweet's place has them: [[[lon, lat], [lon, lat], ...]]. */
function isListOfPoints(list: unknown[], depth: number): boolean {
  return (
    depth < 3 &&
    list.length > 0 &&
    list.length <= longestPoint + 1 &&
    list.every((item) => Array.isArray(item) && (isPoint(item) || isListOfPoints(item, depth + 1)))
  )
}

function textOfValue(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(', ')
  try {
    return JSON.stringify(value)
  } catch (error) {
    throw error instanceof RangeError ? new TooDeep() : error
  }
}
