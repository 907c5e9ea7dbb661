import { resolve } from 'node:path'
import type { Condition, QuestionInput, TypicalAnswer } from '#protocol/explorer.ts'
import { printResult, textTable, type OutputOptions } from '../output.ts'
import { ask, type QuestionOptions } from './questionOptions.ts'

type Select = Extract<QuestionInput, { kind: 'typical' }>['select']

export interface TypicalOptions extends QuestionOptions, OutputOptions {
  select?: Condition[]
  label?: { labels: string; label: string }
  polygon?: string
  experiment?: string
  run?: string
  minInformants: number
  top: number
  include?: ('mentions' | 'hashtags' | 'names')[]
}

/** `typical`: what makes a selection sound like itself. */
export async function typicalOf(options: TypicalOptions): Promise<void> {
  const { run, minInformants, top, include } = options
  const select = selectOf(options)
  const answer = await ask(options, { kind: 'typical', select, run, minInformants, top, include })
  printResult(options, answer, () => typicalText(answer))
}

function selectOf({ select, label, polygon, experiment }: TypicalOptions): Select {
  if (select) return { kind: 'where', where: select }
  if (label) return { kind: 'label', ...label, experiment }
  return { kind: 'file', file: resolve(polygon!) }
}

function typicalText({ selected, informants, explained, words }: TypicalAnswer): string {
  const number = (value: number | null) => (value === null ? '-' : value.toFixed(2))
  return [
    `${selected}: ${informants.inside} informants inside, ${informants.outside} outside.`,
    ...(explained === null ? [] : [`The run was asked about ${explained} test documents.`]),
    textTable([
      ['word', 'z', 'inside', 'outside', ...(explained === null ? [] : ['effect', 'from', 'to', 'documents'])],
      ...words.map(({ word, z, inside, outside, effect, interval, documents }) => [
        word,
        number(z),
        String(inside),
        String(outside),
        ...(explained === null
          ? []
          : [number(effect), number(interval && interval[0]), number(interval && interval[1]), String(documents)]),
      ]),
    ]),
  ].join('\n')
}
