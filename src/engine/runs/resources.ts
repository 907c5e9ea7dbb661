import { stat, statfs } from 'node:fs/promises'
import { freemem } from 'node:os'
import { EngineError } from '#protocol/errors.ts'
import type { ModelSettings } from '#protocol/models/models.ts'
import type { StageContext } from '#engine/context.ts'
import { readVocabularyFile } from '#engine/corpus/vocabulary/vocabularyFile.ts'
import { methodOf } from '#engine/models/methods.ts'
import { dimensionsOf } from './embeddingDimensions.ts'
import { mostMemoryBytes } from './mostMemory.ts'
import type { PlannedStep } from './planExperiment.ts'
import { wordsOf } from './recipes.ts'
import type { StoredExperiment } from './storedExperiment.ts'

const mebibyte = 1 << 20

/**
 * Estimates what a step will need of disk and memory, and refuses it before hours are spent.
 * @throws EngineError 'disk/too-little' or 'memory/too-little'
 */
export async function checkResources(
  stored: StoredExperiment,
  step: PlannedStep,
  context: StageContext,
): Promise<void> {
  const needs = await estimate(stored, step)
  const { bavail, bsize } = await statfs(stored.directory)
  const free = bavail * bsize
  if (free < needs.diskBytes) {
    throw new EngineError(
      'disk/too-little',
      `"${step.title}" needs about ${inMiB(needs.diskBytes)} on the disk of ${stored.directory}, which has ${inMiB(free)} free. Free some space or delete artefacts, then run again.`,
    )
  }
  const mostBytes = mostMemoryBytes()
  if (mostBytes < needs.memoryBytes) {
    throw new EngineError(
      'memory/too-little',
      `"${step.title}" needs about ${inMiB(needs.memoryBytes)} of memory; ${inMiB(mostBytes)} may be used on this machine. Use fewer dimensions or a smaller vocabulary (embeddings.dimensions, preprocess.maxVocabulary).`,
    )
  }
  if (freemem() < needs.memoryBytes) {
    context.note(
      `"${step.title}" needs about ${inMiB(needs.memoryBytes)} of memory and ${inMiB(freemem())} are free: it may be slow. Close other programs.`,
    )
  }
}

/** The steps that are to be done, each with about the memory that it will take, where its inputs are there to tell. */
export async function withMemory(stored: StoredExperiment, steps: PlannedStep[]): Promise<PlannedStep[]> {
  const isKnown = async ({ stage, state, preprocess }: PlannedStep) =>
    state !== 'done' &&
    (stage === 'vocabulary' ||
      stage === 'labels' ||
      (await stored.store.has('vocabulary', wordsOf(stored.recipes, preprocess).vocabulary.id)))
  return Promise.all(
    steps.map(async (step) =>
      (await isKnown(step)) && step.stage !== 'import'
        ? { ...step, memoryBytes: (await estimate(stored, step)).memoryBytes }
        : step,
    ),
  )
}

async function estimate(
  { store, experiment, recipes }: StoredExperiment,
  { stage, model, preprocess }: PlannedStep,
): Promise<{ diskBytes: number; memoryBytes: number }> {
  const least = { diskBytes: 64 * mebibyte, memoryBytes: 512 * mebibyte }
  if (stage === 'import') {
    const { train, dev = [], test = [] } = experiment.corpus
    let bytes = 0
    for (const file of [...train, ...dev, ...test]) bytes += (await stat(file)).size * (file.endsWith('.gz') ? 3 : 1)
    // Texts lie on the disk unpacked until they are written; rows of one author are put together there.
    return { ...least, diskBytes: least.diskBytes + 3 * bytes }
  }
  if (stage !== 'embedding' && stage !== 'training') return least
  const { words } = (await readVocabularyFile(store.place('vocabulary', wordsOf(recipes, preprocess).vocabulary.id)))
    .summary
  const dimensions = dimensionsOf(experiment.embeddings)
  const ofMethod = (settings: ModelSettings) =>
    methodOf(settings).resources(settings, { vocabulary: words, dimensions })
  const more = stage === 'embedding' ? embeddingNeeds(words * dimensions * 4) : ofMethod(experiment.models[model!]!)
  return { diskBytes: least.diskBytes + more.diskBytes, memoryBytes: least.memoryBytes + more.memoryBytes }
}

/** Skip-gram holds two matrices and a copy, and writes both. */
const embeddingNeeds = (matrixBytes: number) => ({ diskBytes: 5 * matrixBytes, memoryBytes: 3 * matrixBytes })

const inMiB = (bytes: number) => `${Math.ceil(bytes / mebibyte).toLocaleString('en')} MiB`
