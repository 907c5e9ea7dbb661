import type { KwicLine } from '#protocol/explorer.ts'
import type { Variable, Variables } from '#protocol/variables.ts'

/** A hit that a person has looked at: it counts as another of the variants that are asked for, or for none (null). */
export interface HitEdit {
  /** Hash of the document's text. */
  document: string
  start: number
  end: number
  variant: string | null
}

/** What a hit is known by among edits. */
export const hitKey = ({ document, start }: Pick<HitEdit, 'document' | 'start'>): string => `${document} ${start}`

/** Puts an edit in the place of the one of the same hit; `undefined` takes that one away. */
export function withEdit(edits: HitEdit[], line: KwicLine, variant: string | null | undefined): HitEdit[] {
  const others = edits.filter((edit) => hitKey(edit) !== hitKey(line))
  const { document, start, end } = line
  return variant === undefined ? others : [...others, { document, start, end, variant }]
}

/** A variable as variables.yaml keeps it, with its name there. */
export interface NamedVariable {
  name: string
  variable: Variable
}

/** The variable of the project whose variants are those that are asked for, whatever it is called. */
export function variableOf(variables: Variables, asked: string[]): NamedVariable | null {
  for (const [name, variable] of Object.entries(variables)) {
    const known = Object.values(variable.variants)
    const same = (items: string[], i: number) => JSON.stringify(items) === JSON.stringify(itemsOf(asked[i]!))
    if (known.length === asked.length && known.every(same)) return { name, variable }
  }
  return null
}

/** A new variable for what is asked for; its name is no other one's. */
export function newVariable(variables: Variables, asked: string[]): NamedVariable {
  const names: string[] = []
  for (const pattern of asked) names.push(freeName(plainName(pattern), names))
  return {
    name: freeName(plainName(names.join(' - ')), Object.keys(variables)),
    variable: {
      variants: Object.fromEntries(names.map((name, i) => [name, itemsOf(asked[i]!)])),
      excluded: [],
      recoded: [],
    },
  }
}

/** @param asked the patterns that its variants stand for */
export function editsOf({ variants, excluded, recoded }: Variable, asked: string[]): HitEdit[] {
  const names = Object.keys(variants)
  return [
    ...excluded.map((hit) => ({ ...hit, variant: null })),
    ...recoded.map(({ to, ...hit }) => ({ ...hit, variant: asked[names.indexOf(to)]! })),
  ]
}

/** The variable with these edits instead of its own. */
export function edited(variable: Variable, asked: string[], edits: HitEdit[]): Variable {
  const names = Object.keys(variable.variants)
  const hits = (out: boolean) => edits.filter(({ variant }) => (variant === null) === out)
  return {
    ...variable,
    excluded: hits(true).map(({ document, start, end }) => ({ document, start, end })),
    recoded: hits(false).map(({ document, start, end, variant }) => ({
      document,
      start,
      end,
      to: names[asked.indexOf(variant!)]!,
    })),
  }
}

/** The items of a pattern, as the engine reads them: a comma in an expression belongs to it, `\\,` is one. */
function itemsOf(pattern: string): string[] {
  const items = pattern.match(/\s*\/(?:\\.|[^\\/])+\/\s*(?=,|$)|(?:\\.|[^\\,])+/g) ?? []
  return items
    .map((item) => (/^\s*\//.test(item) ? item : item.replaceAll('\\,', ',')).trim())
    .filter((item) => item !== '')
}

/** The patterns that a variable stands for, a variant each: what `itemsOf` takes apart again. */
export const patternsOf = ({ variants }: Variable): string[] =>
  Object.values(variants).map((items) =>
    items.map((item) => (/^\/.+\/$/su.test(item) ? item : item.replaceAll(',', '\\,'))).join(','),
  )

/** What a name may be made of: see #protocol/variables.ts. */
function plainName(pattern: string): string {
  const name = pattern
    .replace(/[^\p{L}\p{N}\p{M}._'-]+/gu, ' ')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .trim()
    .slice(0, 56)
    .trim()
  return name === '' ? 'pattern' : name
}

function freeName(name: string, taken: string[]): string {
  let free = name
  for (let number = 2; taken.includes(free); number++) free = `${name} ${number}`
  return free
}
