import { EngineError } from '#protocol/errors.ts'
import { labelDescriptions } from '#protocol/labels/labels.ts'
import type { ArtefactStore } from './artefactStore.ts'
import type { PlannedStep } from './planExperiment.ts'
import { readLabelSummary } from './summaries.ts'

/**
 * Refuses label sets that no classifier can learn, as soon as they are there: embeddings may take hours.
 * @throws EngineError 'labels/one-label'
 */
export async function checkLabels(store: ArtefactStore, steps: PlannedStep[]): Promise<void> {
  for (const { stage, labels: name, id } of steps) {
    if (stage !== 'labels' || name == null) continue
    const { labelCount, method } = await readLabelSummary(store.place('labels', id), name)
    if (labelCount >= 2) continue
    const { finerBy } = labelDescriptions[method]
    const advice = finerBy ? `Lower labels.${name}.${finerBy}, or take` : 'Take'
    throw new EngineError(
      'labels/one-label',
      `The label set "${name}" has ${labelCount} label; a classifier needs at least 2. ${advice} a corpus from more places.`,
      { labels: name },
    )
  }
}
