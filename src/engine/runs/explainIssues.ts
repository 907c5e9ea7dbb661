import { z } from 'zod'
import { nearestWord } from './nearestWord.ts'

/** One thing that is wrong with a file: where, with dots (empty for the whole), and what was found, expected and meant. */
export interface FileProblem {
  path: string
  message: string
}

type Issue = z.core.$ZodIssue
type Path = PropertyKey[]

/** Puts what a schema refuses into words: one problem an issue, unknown keys with the nearest known one. */
export function explainIssues(schema: z.ZodType, issues: readonly Issue[], raw: unknown): FileProblem[] {
  return issues.flatMap((issue) => explain(schema, issue, raw, []))
}

function explain(schema: z.ZodType, issue: Issue, raw: unknown, parent: Path): FileProblem[] {
  const place = [...parent, ...issue.path]
  const path = place.join('.')
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, place)
    return issue.keys.map((key) => ({
      path: [...place, key].join('.'),
      message: `unknown key "${[...place, key].join('.')}". ${suggestion(key, known)}`,
    }))
  }
  // Of several alternatives the one whose kind is right was meant: say what is wrong inside of it.
  const meant = issue.code === 'invalid_union' ? issue.errors.find((inner) => !inner.some(isOfAnotherKind)) : undefined
  if (meant) return meant.flatMap((inner) => explain(schema, inner, raw, place))
  return [
    { path, message: `${path || 'the file'}: found ${shown(valueAt(raw, place))}, expected ${expectation(issue)}.` },
  ]
}

const isOfAnotherKind = ({ path, code }: Issue) =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'keys and values',
  record: 'keys and values',
}
function listed(options: readonly unknown[]): string {
  // A method that may be left out is an option without a name.
  const values = options.filter((option) => option !== undefined)
  return values.length === 1 ? `"${String(values[0])}"` : `one of ${values.join(', ')}`
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.expected
    case 'invalid_value':
      return listed(issue.values)
    case 'too_small':
      return issue.origin === 'array'
        ? `a list of at least ${issue.minimum}`
        : `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'array'
        ? `a list of at most ${issue.maximum}`
        : `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`
    case 'invalid_union':
      return 'options' in issue
        ? listed(issue.options as unknown[])
        : [...new Set(issue.errors.flat().map(expectation))].join(' or ')
    case 'invalid_key':
      return `a name of ${issue.issues.map(({ message }) => message).join(', ')}`
    default:
      return issue.message
  }
}

const mostShown = 80

/** A value as it stands in the file, short and without anything that would confuse a terminal. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = asJson(value).replace(/\\u00[01]\w|[\u0000-\u001f\u007f-\u009f\ufffd]/g, '?')
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return 'a value that holds itself'
  }
}

const valueAt = (raw: unknown, path: Path) =>
  path.reduce<unknown>((held, key) => (held as Record<PropertyKey, unknown> | null | undefined)?.[key], raw)

/** What may have been meant by a word that is not known. */
export function suggestion(word: string, known: string[]): string {
  const near = nearestWord(word, known)
  return near ? `Did you mean "${near}"?` : `Use one of: ${known.join(', ')}.`
}

type Schema = z.core.JSONSchema.JSONSchema

/** Keys that the schema knows at a path. */
function knownKeys(schema: z.ZodType, path: Path): string[] {
  let schemas: Schema[] = [z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })]
  for (const key of path) {
    schemas = schemas.flatMap(alternatives).flatMap(({ properties, additionalProperties, items }) => {
      const next = properties?.[String(key)] ?? (typeof key === 'number' ? items : additionalProperties)
      return next && typeof next === 'object' && !Array.isArray(next) ? [next] : []
    })
  }
  return [...new Set(schemas.flatMap(alternatives).flatMap(({ properties }) => Object.keys(properties ?? {})))]
}

const alternatives = (schema: Schema): Schema[] => [
  schema,
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((inner) => alternatives(inner as Schema)),
]
