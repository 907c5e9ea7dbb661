import type { StageContext } from '#engine/context.ts'
import { informationGainRatios } from '#engine/corpus/vocabulary/informationGainRatio.ts'
import { pause } from '#engine/pause.ts'
import { documentsBetweenPauses, type LabelledDocuments } from './wordLabelCounts.ts'

/**
 * The words of highest information gain ratio over the labels (Han, Cook & Baldwin 2014, section 4): 1 for a word that
 * is kept. Ties go to the lower number, which is the more frequent word.
 * @param share of the words of training that is kept, at least one word
 */
export async function keepWords(
  { documents: { ids, offsets }, ordered, labelOf, vocabularySize, labelCount }: LabelledDocuments,
  share: number,
  context: Pick<StageContext, 'signal'>,
): Promise<Uint8Array> {
  if (share === 1) return new Uint8Array(vocabularySize).fill(1)
  const labelDocuments = new Float64Array(labelCount)
  for (const document of ordered) labelDocuments[labelOf[document]!]!++
  const ratios = await informationGainRatios({
    wordCount: vocabularySize,
    labelDocuments,
    async each(visit) {
      for (const [visited, document] of ordered.entries()) {
        if (visited % documentsBetweenPauses === documentsBetweenPauses - 1) await pause(context)
        visit(labelOf[document]!, ids, offsets[document]!, offsets[document + 1]!)
      }
    },
  })
  const ranked = Int32Array.from(ratios.keys()).sort((a, b) => ratios[b]! - ratios[a]! || a - b)
  const kept = new Uint8Array(vocabularySize)
  for (const word of ranked.subarray(0, Math.max(1, Math.round(share * vocabularySize)))) kept[word] = 1
  return kept
}
