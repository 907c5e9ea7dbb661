import { EngineError } from '#protocol/errors.ts'
import type { Condition } from '#protocol/explorer.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import type { CorpusTokens } from '../tokens/corpusTokens.ts'

/**
 * Which documents meet all conditions on further columns, by their number among the tokens; null where there are none.
 * @throws EngineError 'corpus/no-column', 'explorer/nothing-selected'
 */
export async function documentFilter(
  corpus: Pick<Corpus, 'column'>,
  { rows }: Pick<CorpusTokens, 'rows'>,
  conditions: Condition[],
): Promise<Uint8Array | null> {
  if (conditions.length === 0) return null
  const kept = new Uint8Array(rows.length).fill(1)
  for (const condition of conditions) {
    const { values, codes } = await corpus.column(condition.column)
    const passes = Uint8Array.from(values, (value) => (meets(value, condition) ? 1 : 0))
    if (!passes.includes(1)) throw nothingSelected(condition, values)
    for (let document = 0; document < rows.length; document++) {
      const code = codes[rows[document]!]!
      if (code < 0 || !passes[code]) kept[document] = 0
    }
  }
  if (!kept.includes(1))
    throw new EngineError(
      'explorer/nothing-selected',
      `No document meets all of ${conditions.map(conditionText).join(', ')}. Leave one of these conditions out.`,
    )
  return kept
}

function meets(value: string, { values, min, max }: Condition): boolean {
  if (values)
    return values.some(
      (wanted) => wanted === value || (value.trim() !== '' && wanted.trim() !== '' && Number(wanted) === Number(value)),
    )
  const number = value.trim() === '' ? NaN : Number(value)
  return number >= (min ?? -Infinity) && number <= (max ?? Infinity)
}

export const conditionText = ({ column, values, min, max }: Condition): string =>
  `${column}=${values ? values.join(',') : `${min ?? ''}..${max ?? ''}`}`

function nothingSelected(condition: Condition, values: string[]): EngineError {
  const shown = values.slice(0, 10).join(', ')
  return new EngineError(
    'explorer/nothing-selected',
    `No document has ${conditionText(condition)}; the column has ${shown}${values.length > 10 ? `, ... (${values.length} values)` : ''}. Choose among these.`,
  )
}
