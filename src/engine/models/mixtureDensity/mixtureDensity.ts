import type { MixtureDensitySettings } from '#protocol/models/mixtureDensity.ts'
import type { DensityComponent, EpochMetrics, Occlusion } from '#protocol/runs.ts'
import type { StageContext } from '#engine/context.ts'
import { pointsAt } from '#engine/corpus/corpusFolds.ts'
import type { EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import { withoutEachWord } from '#engine/models/learning/occlusion.ts'
import { fitTfIdf, requireColumns, tfIdfRows } from '#engine/models/learning/tfIdf.ts'
import { wordsOf, type ModelMethod, type TrainedModel } from '#engine/models/method.ts'
import type { EncodedText } from '#engine/corpus/vocabulary/vocabulary.ts'
import { seededRandom } from '#engine/random.ts'
import { toPlaces, unitsPerDegree } from './densityPlane.ts'
import { loadMixture, saveMixture } from './mixtureFiles.ts'
import { highestModes, type MixtureModel } from './mixtureModel.ts'
import { MixtureNetwork, startWeights } from './mixtureNetwork.ts'
import { startGaussians } from './startGaussians.ts'
import { trainMixture } from './trainMixture.ts'

/** Bivariate Gaussians shared by all documents, weighed by a network over words; docs/methods.md has the choices. */
export const mixtureDensity: ModelMethod<MixtureDensitySettings> = {
  version: 1,

  async train(settings, { documents, train, dev, points, vocabularySize }, task) {
    const { context } = task
    const words = wordsOf(documents)
    const tfIdf = await fitTfIdf(settings, words, train, vocabularySize, context)
    requireColumns(tfIdf, settings, train.length)
    const seed = task.seed!
    const { plane, values, shares } = await startGaussians(pointsAt({ points }, train), { ...settings, seed }, context)
    const shape = { columns: tfIdf.idf.length, hidden: settings.hidden, components: shares.length }
    const input = {
      shape,
      plane,
      start: startWeights(shape, values, shares, seededRandom(seed, 2)),
      rows: await tfIdfRows(tfIdf, words, train, context),
      train,
      devRows: await tfIdfRows(tfIdf, words, dev, context),
      dev,
      points,
    }
    const { weights, epochs } = await trainMixture(settings, input, { ...task, seed })
    return trainedMixture({ settings, plane, tfIdf, shape, weights }, epochs)
  },

  load: async (directory, size) => trainedMixture(await loadMixture(directory, size), null),

  estimateMs: () => null,

  /** Weights, Adam's moments, their gradient and the best epoch. */
  resources: ({ hidden }, { vocabulary }) => ({
    diskBytes: 4 * hidden * vocabulary,
    memoryBytes: 20 * hidden * vocabulary,
  }),
}

function trainedMixture(model: MixtureModel, epochs: EpochMetrics[] | null): TrainedModel {
  const { settings, plane, shape, weights, tfIdf } = model
  const network = new MixtureNetwork(shape, weights, settings.leastSpreadKm / plane.unitKm)
  return {
    decision: { decision: 'most-probable' },
    epochs,
    async predict(documents, chosen, context) {
      const rows = await tfIdfRows(tfIdf, wordsOf(documents), chosen, context)
      return { posterior: null, coordinates: toPlaces(plane, (await highestModes(network, rows, context)).modes) }
    },
    async density(documents, chosen, context) {
      const rows = await tfIdfRows(tfIdf, wordsOf(documents), chosen, context)
      return Array.from(chosen, (_, row) => {
        network.read(rows, rows.starts[row]!, rows.starts[row + 1]!)
        return componentsOf(model, network)
      })
    },
    explain: async ({ words }, _label, context) => ({
      attention: null,
      occlusion: await occlusionOf(model, network, words!, context),
      contributions: null,
    }),
    save: (directory) => saveMixture(directory, model),
  }
}

/** The mixture of the row that was read last, in degrees, the heaviest Gaussian first (ties: the lower). */
function componentsOf({ plane }: MixtureModel, { gaussians, components }: MixtureNetwork): DensityComponent[] {
  const units = unitsPerDegree(plane)
  const { lat, lon } = toPlaces(plane, gaussians.means)
  return Array.from(components, (weight, k) => ({
    weight,
    lat: lat[k]!,
    lon: lon[k]!,
    latDeviation: gaussians.spreads[2 * k + 1]! / units.lat,
    lonDeviation: gaussians.spreads[2 * k]! / units.lon,
    correlation: gaussians.correlations[k]!,
  })).sort((a, b) => b.weight - a.weight)
}

/** What each word does to the logarithm of the density at the place that is answered. */
async function occlusionOf(
  { tfIdf }: MixtureModel,
  network: MixtureNetwork,
  { ids, spans }: EncodedText,
  context: Pick<StageContext, 'signal'>,
): Promise<Occlusion[]> {
  const texts: EncodedDocuments = withoutEachWord(ids)
  const chosen = Int32Array.from({ length: ids.length + 1 }, (_, i) => i)
  const rows = await tfIdfRows(tfIdf, texts, chosen, context)
  const shares = new Float64Array(network.shape.components)
  const whole = { ...rows, starts: rows.starts.slice(0, 2) }
  const [x, y] = (await highestModes(network, whole, context)).modes
  const logAt = (row: number) => {
    network.read(rows, rows.starts[row]!, rows.starts[row + 1]!)
    return network.logDensity(x!, y!, shares)
  }
  const before = logAt(0)
  return Array.from(ids, (_, word) => ({
    start: spans[2 * word]!,
    end: spans[2 * word + 1]!,
    change: logAt(word + 1) - before,
  }))
}
