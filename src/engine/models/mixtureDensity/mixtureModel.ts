import type { MixtureDensitySettings } from '#protocol/models/mixtureDensity.ts'
import type { StageContext } from '#engine/context.ts'
import type { TfIdf, TfIdfRows } from '#engine/models/learning/tfIdf.ts'
import { pause } from '#engine/pause.ts'
import type { DensityPlane } from './densityPlane.ts'
import { modeFinder } from './highestMode.ts'
import type { MixtureNetwork, MixtureShape, MixtureWeights } from './mixtureNetwork.ts'

/** A trained model as it is kept. */
export interface MixtureModel {
  settings: MixtureDensitySettings
  plane: DensityPlane
  tfIdf: TfIdf
  shape: MixtureShape
  weights: MixtureWeights
}

/** Rows between two pauses. */
const rowsBetweenPauses = 50

/**
 * The highest mode of each row's mixture, x and y in the plane.
 * @param places of the rows, where their negative log-likelihood is asked for: `loss` is its sum, else 0
 */
export async function highestModes(
  network: MixtureNetwork,
  rows: TfIdfRows,
  context: Pick<StageContext, 'signal'>,
  places?: Float64Array,
): Promise<{ modes: Float64Array; loss: number }> {
  const count = rows.starts.length - 1
  const modes = new Float64Array(2 * count)
  const shares = new Float64Array(network.shape.components)
  const modeOf = modeFinder(network.gaussians)
  let loss = 0
  for (let row = 0; row < count; row++) {
    network.read(rows, rows.starts[row]!, rows.starts[row + 1]!)
    modes.set(modeOf(network.components), 2 * row)
    if (places) loss -= network.logDensity(places[2 * row]!, places[2 * row + 1]!, shares)
    if (row % rowsBetweenPauses === rowsBetweenPauses - 1) await pause(context)
  }
  return { modes, loss }
}
