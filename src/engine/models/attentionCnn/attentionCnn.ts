import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { ModelMethod } from '#engine/models/method.ts'
import { estimateNetworkMs } from './estimateNetworkMs.ts'
import { loadOneNetwork, trainOneNetwork } from './networkModel.ts'
import { holdsTwoNetworks, loadApart, networksOf, trainApart } from './networksApart.ts'
import { timedSteps } from './timedSteps.ts'
import { ngramRowCount } from './wordRows.ts'

/**
 * The attention network of Fornaciari & Hovy 2019, for labels, for coordinates alone (regression; Lourentzou, Morales & Zhai
 * 2017), for both together, or with a network for each.
 */
export const attentionCnn: ModelMethod<AttentionCnnSettings> = {
  version: 3,

  train: (settings, data, task) =>
    settings.joint === false ? trainApart(settings, data, task) : trainOneNetwork(settings, data, task),

  load: async (directory, size, vectors) =>
    (await holdsTwoNetworks(directory))
      ? loadApart(directory, size, vectors)
      : loadOneNetwork(directory, size, vectors),

  estimateMs: (settings, size, profile) =>
    networksOf(settings).reduce((sum, one) => sum + estimateNetworkMs(one, size, profile), 0),

  resources(settings, { vocabulary, dimensions }) {
    // Fine-tuning holds vectors, two moments and what is being written.
    const matrixBytes = networksOf(settings).length * (vocabulary + ngramRowCount(settings)) * dimensions * 4
    // With characters the embedding stays beside the matrix that has n-grams too.
    const matrices = ngramRowCount(settings) > 0 ? 5 : 4
    return { diskBytes: 8 * matrixBytes, memoryBytes: (512 << 20) + matrices * matrixBytes }
  },

  timedParts: timedSteps,
}
