import { describe, expect, it } from 'vitest'
import { matchScore, rank } from './matchCommand.ts'

const titles = [
  'Open project…',
  'New project…',
  'Go to Comparison',
  'Go to Corpus',
  'Theme: dark',
  'Error map',
  'Error tail',
]

describe('finding a command', () => {
  it('takes letters in their order only', () => {
    expect(matchScore('dark', 'Theme: dark')).not.toBeNull()
    expect(matchScore('krad', 'Theme: dark')).toBeNull()
  })

  it.each([
    ['np', 'New project…'],
    ['open', 'Open project…'],
    ['td', 'Theme: dark'],
    ['em', 'Error map'],
    ['corp', 'Go to Corpus'],
    ['comp', 'Go to Comparison'],
  ])('answers %s with %s first', (typed, first) => expect(rank(typed, titles, (title) => title)[0]).toBe(first))

  it('keeps the order where nothing was typed', () => expect(rank(' ', titles, (title) => title)).toEqual(titles))
})
