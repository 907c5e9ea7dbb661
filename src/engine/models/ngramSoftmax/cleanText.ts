import type { NgramSoftmaxSettings } from '#protocol/models/ngramSoftmax.ts'

const noise = /https?:\/\/\S+|www\.\S+|&(?:[a-z]{2,8}|#\d{1,6});| \|\|\| /giu
const mentions = /@[\p{L}\p{M}\p{N}_]+/gu
const hashtags = /#[\p{L}\p{M}\p{N}_]+/gu

/** Blanks of the same length, so that what stands after them keeps its place. */
const blanked = (found: string) => ' '.repeat(found.length)

/**
 * A text in lower case without web addresses, HTML entities and separators of tweets, and without mentions or hashtags
 * where the settings drop them. Character i is what became of character i.
 */
export function cleanText(text: string, settings: Pick<NgramSoftmaxSettings, 'mentions' | 'hashtags'>): string {
  let clean = text.replace(noise, blanked)
  if (settings.mentions === 'drop') clean = clean.replace(mentions, blanked)
  if (settings.hashtags === 'drop') clean = clean.replace(hashtags, blanked)
  const lower = clean.toLowerCase()
  // A few capitals, such as İ, become two characters: they stay.
  return lower.length === clean.length ? lower : Array.from(clean, (character) => sameLength(character)).join('')
}

function sameLength(character: string): string {
  const lower = character.toLowerCase()
  return lower.length === character.length ? lower : character
}
