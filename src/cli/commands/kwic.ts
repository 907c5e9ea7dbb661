import type { KwicAnswer } from '#protocol/explorer.ts'
import { printResult } from '../output.ts'
import { ask, type QuestionOptions } from './questionOptions.ts'

export interface KwicOptions extends QuestionOptions {
  context: number
  limit: number
  sort: 'left' | 'right' | 'place'
}

/** `kwic`: where a pattern stands, in its context. */
export async function kwic(pattern: string, options: KwicOptions): Promise<void> {
  const { context, limit, sort } = options
  const answer = await ask(options, { kind: 'kwic', pattern, context, limit, sort })
  printResult(options, answer, () => concordance(answer))
}

/** Characters on either side that a terminal shows. */
const width = 40

function concordance({ hits, informants, lines }: KwicAnswer): string {
  const oneLine = (text: string) => text.replace(/\s+/g, ' ')
  const shown = lines.map(({ left, hit, right, lat, lon }) => {
    const before = oneLine(left).slice(-width).padStart(width)
    return `${before}${oneLine(hit)}${oneLine(right).slice(0, width)}  (${lat.toFixed(2)}, ${lon.toFixed(2)})`
  })
  const more = hits - lines.length
  return [
    ...shown,
    `${hits} ${hits === 1 ? 'hit' : 'hits'} of ${informants} ${informants === 1 ? 'informant' : 'informants'}${more > 0 ? `; ${more} more than listed (--limit)` : ''}`,
  ].join('\n')
}
