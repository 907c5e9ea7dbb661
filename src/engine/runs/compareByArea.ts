import type { AreaDifferences, TestArea } from '#protocol/comparison.ts'
import { conditionKey } from '#pure/conditionKey.ts'
import { median } from '#pure/quantiles.ts'
import type { StageContext } from '#engine/context.ts'
import { pointsAt } from '#engine/corpus/corpusFolds.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { areaDifferences } from '#engine/evaluation/areaDifferences.ts'
import { contrastsOf } from '#engine/evaluation/contrasts.ts'
import { mean, scoreRuns } from '#engine/evaluation/scoreRuns.ts'
import { unitsOf } from '#engine/evaluation/units.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { nearestCity } from '#engine/gazetteer/nearestCity.ts'
import { mapBoxes } from '#engine/geo/mapBoxes.ts'
import type { Points } from '#engine/geo/points.ts'
import { take } from '#engine/geo/take.ts'
import { kdRectangles } from '#engine/labels/kdTerritories.ts'
import { buildKdTree } from '#engine/labels/kdTree.ts'
import { finishedConditions, finishedRuns, testRows } from './finishedConditions.ts'
import type { StoredExperiment } from './storedExperiment.ts'

/** Areas at most, about, and documents of an area at least, about. */
const mostAreas = 32
const leastDocuments = 30
/** Areas are called after cities of this size. */
const leastPopulation = 15_000
const resamples = 2000

/**
 * Where one of two conditions is better: areas are the cells of a k-d tree of the test documents' places, so that each has enough
 * documents to tell.
 * @throws EngineError 'evaluation/no-runs', 'evaluation/no-test'
 */
export async function compareByArea(stored: StoredExperiment, context: StageContext): Promise<AreaDifferences> {
  const { store, experiment, recipes } = stored
  const finished = await finishedRuns(stored)
  const corpus = await openCorpus(await store.whole('corpus', recipes.corpus.id))
  try {
    const test = testRows(corpus, experiment.name)
    const conditions = await finishedConditions(stored, finished, corpus, test)
    const truth = pointsAt(corpus, test)
    const { evaluation } = experiment
    const unit = evaluation.unit ?? (corpus.authorCount > 0 ? 'author' : 'place')
    const authors = test.map((row) => corpus.authors[row]!)
    const { areas, areaOf } = await areasOf(truth, context)
    const pairs = contrastsOf(conditions, evaluation.contrasts)
    const errorsKm = conditions.map((condition) => {
      const runs = scoreRuns(condition, truth)
      return Float64Array.from(test, (_, i) => mean(runs.map((run) => run.errorsKm[i]!)))
    })
    const differences = await areaDifferences(
      {
        errorsKm,
        pairs,
        areaOf,
        areas: areas.length,
        clusterOf: unitsOf(authors, truth, unit).clusterOf,
        resamples,
        seed: evaluation.seed,
      },
      context,
    )
    return {
      experiment: experiment.name,
      unit,
      resamples,
      areas,
      pairs: pairs.map(([a, b], k) => ({
        a: conditionKey(conditions[a]!),
        b: conditionKey(conditions[b]!),
        differences: differences[k]!,
      })),
    }
  } finally {
    corpus.close()
  }
}

async function areasOf(truth: Points, context: StageContext): Promise<{ areas: TestArea[]; areaOf: Int32Array }> {
  const bucket = Math.max(2 * leastDocuments, Math.ceil((2 * truth.lat.length) / mostAreas))
  const { tree, cellOfPoint } = await buildKdTree(truth, bucket, context)
  const members = Array.from({ length: tree.cells }, () => [] as number[])
  cellOfPoint.forEach((cell, document) => members[cell]!.push(document))
  const middle: Points = {
    lat: Float64Array.from(members, (own) => median(take(truth.lat, Int32Array.from(own)))),
    lon: Float64Array.from(members, (own) => median(take(truth.lon, Int32Array.from(own)))),
  }
  const gazetteer = await loadGazetteer(leastPopulation)
  const cities = nearestCity(gazetteer, middle)
  const rings = members.map(() => [] as TestArea['rings'])
  for (const box of mapBoxes(truth))
    for (const [cell, flat] of kdRectangles(tree, box)) rings[cell]!.push(closedRing(flat))
  const areas = members.map((own, cell) => ({
    name: gazetteer.names[cities[cell]!]!,
    lat: middle.lat[cell]!,
    lon: middle.lon[cell]!,
    documents: own.length,
    rings: rings[cell]!,
  }))
  return { areas, areaOf: cellOfPoint }
}

function closedRing(flat: number[]): [number, number][] {
  const ring = Array.from({ length: flat.length / 2 }, (_, k): [number, number] => [flat[2 * k]!, flat[2 * k + 1]!])
  return [...ring, ring[0]!]
}
