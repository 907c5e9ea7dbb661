import { guessedCorpusSize, knownCorpusSize } from './corpusSize.ts'
import { estimateMs } from './estimateTimes.ts'
import { loadMachineProfile } from './machineProfile.ts'
import type { PlannedStep } from './planExperiment.ts'
import type { StoredExperiment } from './storedExperiment.ts'
import { readLabelSummary } from './summaries.ts'

/**
 * The steps with the time that each will take, where this machine was measured and its size can be told.
 * @param mayReadCorpus whether the size of a corpus that was not counted yet may be guessed from its files
 */
export async function timePlan(
  { experiment, recipes, store }: StoredExperiment,
  steps: PlannedStep[],
  mayReadCorpus: boolean,
): Promise<PlannedStep[]> {
  const profile = await loadMachineProfile()
  if (!profile) return steps
  // Variants of the texts have about as many words.
  const counted: string[] = []
  for (const { vocabulary } of recipes.words.values())
    if (await store.has('vocabulary', vocabulary.id)) counted.push(vocabulary.id)
  const size = counted[0]
    ? await knownCorpusSize(store.place('corpus', recipes.corpus.id), store.place('vocabulary', counted[0]))
    : mayReadCorpus
      ? await guessedCorpusSize(experiment.corpus)
      : null
  if (!size) return steps
  const labelCounts = new Map<string, number>()
  for (const [name, { id }] of recipes.labels) {
    if (!(await store.has('labels', id))) continue
    labelCounts.set(name, (await readLabelSummary(store.place('labels', id), name)).labelCount)
  }
  return steps.map((step) => ({
    ...step,
    estimatedMs:
      step.state === 'done'
        ? 0
        : estimateMs(step, experiment, size, (labels) => labelCounts.get(labels) ?? null, profile),
  }))
}
