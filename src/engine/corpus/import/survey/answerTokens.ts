import { answerRule, isMissingWord, partsOf, plainAnswer, type AnswerRule, type AnswerWishes } from './answerRule.ts'
import type { Codebook } from './codebook.ts'

const asToken = (text: string) => (/\s/.test(text) ? text.trim().replace(/\s+/g, '_') : text)

/**
 * Turns the answers of a survey into tokens `question=answer`; white space becomes "_". The rules of questions come from a
 * sample and hold for all files of an import.
 */
export class AnswerTokens {
  readonly #rules = new Map<string, AnswerRule & { token: string }>()
  readonly #wishes: (question: string) => AnswerWishes
  readonly #codebook: Codebook | null
  readonly #used = {
    missing: new Map<string, number>(),
    split: new Set<string>(),
    zeros: 0,
    notYesNo: new Set<string>(),
  }

  constructor(wishes: (question: string) => AnswerWishes, codebook: Codebook | null) {
    this.#wishes = wishes
    this.#codebook = codebook
  }

  /** Learns the rule of a question; the first sample of it counts. */
  learn(question: string, sample: string[]): void {
    if (!this.#rules.has(question))
      this.#rules.set(question, { ...answerRule(sample, this.#wishes(question)), token: asToken(question) })
  }

  /** The questions whose cells hold several answers, and what parts them. */
  get separators(): [string, string][] {
    return [...this.#rules].flatMap(([question, { separator }]) =>
      separator === null ? [] : [[question, separator] as [string, string]],
    )
  }

  /** The tokens of one cell, with a space before each. */
  of(question: string, cell: string): string {
    const rule = this.#rules.get(question) ?? this.#unlearned(question)
    let tokens = ''
    for (const part of partsOf(cell.trim(), rule.separator)) {
      const value = plainAnswer(part)
      if (this.#isMissing(question, value, rule)) continue
      const answer = this.#codebook?.text(question, value) ?? value
      if (answer !== value && isMissingWord(answer)) continue
      tokens += ` ${rule.token}=${asToken(answer)}`
    }
    return tokens
  }

  #unlearned(question: string): AnswerRule & { token: string } {
    this.learn(question, [])
    return this.#rules.get(question)!
  }

  #isMissing(question: string, value: string, rule: AnswerRule): boolean {
    if (value === '') return true
    if (value === '0' && !rule.missing.has('0')) {
      if (!rule.zeroIsAnswer) this.#used.zeros++
      return !rule.zeroIsAnswer
    }
    if (rule.isYesNo && value !== '1' && /^\d+$/.test(value) && !rule.missing.has(value))
      this.#used.notYesNo.add(question)
    if (!rule.missing.has(value) && !isMissingWord(value)) return false
    this.#used.missing.set(value, (this.#used.missing.get(value) ?? 0) + 1)
    return true
  }

  /** What is to be told of the answers that were read. */
  notes(): string[] {
    const notes: string[] = []
    const { missing, zeros, notYesNo } = this.#used
    if (missing.size > 0) {
      const values = [...missing].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      const shown = values.slice(0, 8).map(([value, count]) => `${value} (${count.toLocaleString('en')})`)
      notes.push(
        `Taken for missing answers and left out: ${shown.join(', ')}${values.length > 8 ? ', ...' : ''}. corpus.missing names other values.`,
      )
    }
    if (zeros > 0)
      notes.push(
        'An answer 0 is taken as "no answer" and left out, as an empty one and NA are, but in questions that hold nothing but 0 and 1. columns.numeric names questions where 0 is an answer.',
      )
    if (this.separators.length > 0) {
      const shown = this.separators.slice(0, 6).map(([question, separator]) => `${question} ("${separator}")`)
      notes.push(
        `Several answers in one cell are told apart in ${shown.join(', ')}${this.separators.length > 6 ? ', ...' : ''}. corpus.answerSeparator: none keeps cells whole.`,
      )
    }
    if (notYesNo.size > 0)
      notes.push(
        `${[...notYesNo].slice(0, 6).join(', ')}: nothing but 0 and 1 in the first rows, but other codes later. 0 was taken for an answer; corpus.missing: [0] leaves it out.`,
      )
    return notes
  }
}
