import { EngineError } from '#protocol/errors.ts'
import type { ArtefactStore } from './artefactStore.ts'
import type { ExperimentRecipes } from './recipes.ts'
import { readLabelSummary } from './summaries.ts'

/**
 * Refuses label sets that no classifier can learn, as soon as they are there: embeddings may take hours.
 * @throws EngineError 'labels/one-label'
 */
export async function checkLabels(store: ArtefactStore, { labels }: ExperimentRecipes): Promise<void> {
  for (const [name, { id }] of labels) {
    const { labelCount, method } = await readLabelSummary(store.place('labels', id), name)
    if (labelCount >= 2) continue
    const setting = method === 'kd-tree' ? `labels.${name}.bucket` : `labels.${name}.radiusKm`
    throw new EngineError(
      'labels/one-label',
      `The label set "${name}" has ${labelCount} label; a classifier needs at least 2. Lower ${setting}, or take a corpus from more places.`,
      { labels: name },
    )
  }
}
