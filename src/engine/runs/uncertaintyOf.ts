import { join } from 'node:path'
import type { UncertaintyResult } from '#protocol/comparison.ts'
import type { Experiment } from '#protocol/experiment.ts'
import { pointsAt } from '#engine/corpus/corpusFolds.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import { uncertaintyResult, type TestPlaces } from '#engine/evaluation/uncertainty/uncertaintyResult.ts'
import { unitsOf } from '#engine/evaluation/units.ts'
import { leastSettlement } from '#engine/gazetteer/countryFinder.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { nearestCity } from '#engine/gazetteer/nearestCity.ts'
import type { Points } from '#engine/geo/points.ts'
import type { ArtefactStore } from './artefactStore.ts'
import { loadCalibratedRun } from './calibrationFiles.ts'
import { calibrationOf, type RunRecipe } from './recipes.ts'

/**
 * Calibration and regions of a condition where its experiment asks for them and its model has a posterior; else nothing.
 * @param runs of one condition
 * @throws EngineError 'file/damaged'
 */
export async function uncertaintyOf(
  { store, experiment }: { store: ArtefactStore; experiment: Experiment },
  runs: RunRecipe[],
  corpus: Corpus,
  test: Int32Array,
): Promise<{ uncertainty?: UncertaintyResult }> {
  const { uncertainty } = experiment.evaluation
  if (!uncertainty || !calibrationOf(experiment, experiment.models[runs[0]!.model]!)) return {}
  const calibrated = []
  for (const { id } of runs)
    calibrated.push(await loadCalibratedRun(join(store.place('run', id), 'calibration'), test.length))
  return { uncertainty: uncertaintyResult(calibrated, uncertainty, await testPlaces(pointsAt(corpus, test))) }
}

async function testPlaces(truth: Points): Promise<TestPlaces> {
  const gazetteer = await loadGazetteer(leastSettlement)
  const cities = nearestCity(gazetteer, truth)
  const none = new Int32Array(truth.lat.length).fill(-1)
  return {
    placeOf: unitsOf(none, truth, 'place').clusterOf,
    population: Float64Array.from(cities, (city) => gazetteer.population[city]!),
    region: Array.from(cities, (city) => `${gazetteer.countries[city]} ${gazetteer.divisions[city]}`.trim()),
  }
}
