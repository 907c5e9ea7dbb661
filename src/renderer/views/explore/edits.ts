import type { HitEdit, KwicLine, Variable } from '#protocol/explorer.ts'

/** What a hit is known by among edits. */
export const hitKey = ({ document, start }: Pick<HitEdit, 'document' | 'start'>): string => `${document} ${start}`

/** Puts an edit in the place of the one of the same hit; `undefined` takes that one away. */
export function withEdit(edits: HitEdit[], line: KwicLine, variant: string | null | undefined): HitEdit[] {
  const others = edits.filter((edit) => hitKey(edit) !== hitKey(line))
  const { document, row, start, end } = line
  return variant === undefined ? others : [...others, { document, row, start, end, variant }]
}

/** How a variable is called that has no other name. */
export const variableName = (variants: string[]): string => variants.join(' | ')

export function editsOf({ excluded, recoded }: Variable): HitEdit[] {
  return [
    ...excluded.map(({ document, row, span: [start, end] }) => ({ document, row, start, end, variant: null })),
    ...recoded.map(({ document, row, span: [start, end], as }) => ({ document, row, start, end, variant: as })),
  ]
}

export const variableOf = (variants: string[], edits: HitEdit[]): Variable => ({
  name: variableName(variants),
  variants,
  excluded: edits.flatMap(({ document, row, start, end, variant }) =>
    variant === null ? [{ document, row, span: [start, end] as [number, number] }] : [],
  ),
  recoded: edits.flatMap(({ document, row, start, end, variant }) =>
    variant === null ? [] : [{ document, row, span: [start, end] as [number, number], as: variant }],
  ),
})
