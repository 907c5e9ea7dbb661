import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { needsOf } from '#protocol/models/models.ts'
import type { Replay } from '#protocol/runs.ts'
import type { StageContext } from '#engine/context.ts'
import { version } from '#engine/version.ts'
import { makeArtefact } from './makeArtefact.ts'
import type { PlannedStep } from './planExperiment.ts'
import { readPredictions, type RunPredictions } from './predictions.ts'
import { describeMachine } from './runExperiment.ts'
import type { StoredExperiment } from './storedExperiment.ts'

/**
 * Makes a finished run again beside the project, from the same inputs, and says whether its predictions are the same to the
 * bit; where they are not, also what was different: device, threads, versions.
 * @throws EngineError 'artefact/missing' where an input of the run is gone
 */
export async function replayRun(stored: StoredExperiment, step: PlannedStep, context: StageContext): Promise<Replay> {
  const { store, experiment } = stored
  const { machine, versions } = await store.manifest('run', step.id)
  const folder = await mkdtemp(join(tmpdir(), 'isogloss-replay-'))
  try {
    const directory = join(folder, 'run')
    await mkdir(directory)
    await makeArtefact(stored, step, { directory, checkpoint: join(folder, 'checkpoint') }, context, () => undefined)
    const differing: string[] = []
    for (const fold of ['dev', 'test'] as const) {
      const [before, after] = await Promise.all(
        [store.place('run', step.id), directory].map((place) => readPredictions(place, fold)),
      )
      const unlike = unlikeDocuments(before!, after!)
      if (unlike > 0) differing.push(`${unlike} of ${before!.rows.length} predictions of the ${fold} fold`)
    }
    if (differing.length === 0) return { same: true, differs: [] }
    const now: Record<string, string | number> = {
      ...(await describeMachine(needsOf(experiment.models[step.model!]!).device === 'tensorflow')),
      isogloss: version,
      node: process.versions.node,
    }
    const then = { ...machine, ...versions }
    const changed = Object.entries(then).flatMap(([name, value]) =>
      name in now && now[name] !== value ? [`${name}: ${value} then, ${now[name]} now`] : [],
    )
    return { same: false, differs: [...differing, ...changed] }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** How many documents are placed elsewhere, or have another label. */
function unlikeDocuments(before: RunPredictions, after: RunPredictions): number {
  if (before.rows.length !== after.rows.length) return Math.max(before.rows.length, after.rows.length)
  let unlike = 0
  before.rows.forEach((row, i) => {
    const same =
      row === after.rows[i] &&
      before.guess.lat[i] === after.guess.lat[i] &&
      before.guess.lon[i] === after.guess.lon[i] &&
      before.predictedLabel?.[i] === after.predictedLabel?.[i] &&
      before.head?.lat[i] === after.head?.lat[i] &&
      before.head?.lon[i] === after.head?.lon[i]
    if (!same) unlike++
  })
  return unlike
}
