import type { Contribution } from '#protocol/runs.ts'
import type { LinearModel } from './linearModel.ts'
import type { Vectoriser } from './vectoriser.ts'

/**
 * What each character adds to the label's score, less what it adds to the labels' by their shares of training: an n-gram's
 * part is shared evenly among the places where it stands, and there among its characters. The sum over the text is the
 * score of the label, less the mean of all, but for what their biases differ. Neighbours of the same value are one span.
 */
export function contributionsOf(
  { prior, weights, scales }: LinearModel,
  vectoriser: Vectoriser,
  text: string,
  label: number,
): Contribution[] {
  vectoriser.read(text)
  const { reader, columnOf, columns, values, size, times } = vectoriser
  const labelCount = prior.length
  const total = prior.reduce((sum, share) => sum + share, 0)
  const partOf = new Map<number, number>()
  for (let i = 0; i < size; i++) {
    const column = columns[i]!
    let mean = 0
    for (let other = 0; other < labelCount; other++)
      mean += (prior[other]! / total) * weights[column * labelCount + other]!
    partOf.set(column, (values[i]! * scales[column]! * (weights[column * labelCount + label]! - mean)) / times[column]!)
  }
  const ofCharacter = new Float64Array(text.length)
  for (let i = 0; i < reader.count; i++) {
    const part = partOf.get(columnOf(reader.slots[i]!))
    if (part === undefined) continue
    const [start, end] = [reader.starts[i]!, reader.ends[i]!]
    for (let at = start; at < end; at++) ofCharacter[at]! += part / (end - start)
  }
  return mergeEqual(ofCharacter)
}

/** Spans of one value each, which is then the sum of its characters'; those of 0 are left out. */
function mergeEqual(ofCharacter: Float64Array): Contribution[] {
  const spans: Contribution[] = []
  for (let start = 0, end = 1; start < ofCharacter.length; start = end++) {
    while (end < ofCharacter.length && ofCharacter[end] === ofCharacter[start]) end++
    if (ofCharacter[start] !== 0) spans.push({ start, end, value: (end - start) * ofCharacter[start]! })
  }
  return spans
}
