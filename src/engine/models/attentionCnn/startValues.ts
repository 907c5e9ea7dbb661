import type { Points } from '#engine/geo/points.ts'
import { toUnitSquare, type CoordinateScale } from '#engine/models/learning/coordinateScale.ts'
import { seededRandom } from '#engine/random.ts'
import { sizeOf, startParameters } from './parameters.ts'
import type { StepPlan } from './trainingStep.ts'

/**
 * The flat parameter vector with which training begins. The coordinate head starts at the training mean; the paper's scale
 * keeps the paper's start.
 * @param scale null without a coordinate head
 */
export function startValues(
  { settings, parameters, seed }: StepPlan,
  scale: CoordinateScale | null,
  train: Points,
): Float32Array {
  const values = startParameters(parameters, seededRandom(seed, 1))
  if (!scale || settings.coordinates === 'paper') return values
  const unit = toUnitSquare(scale, train)
  let offset = 0
  for (const { name, shape } of parameters) {
    if (name === 'coordinates/bias') {
      for (const axis of [0, 1]) {
        let mean = 0
        for (let i = axis; i < unit.length; i += 2) mean += unit[i]! / train.lat.length
        values[offset + axis] = Math.log(mean / (1 - mean))
      }
    }
    offset += sizeOf(shape)
  }
  return values
}
