import { EngineError } from '#protocol/errors.ts'

/**
 * Stops a training whose numbers have left the range of numbers: everything after it would be noise, and a run that ends so
 * would count as a result. What fell out of range may be a loss, or a weight that the next loss would show.
 * @throws EngineError 'training/diverged'
 */
export function requireConvergence(
  epoch: number,
  losses: readonly number[],
  weights: Float32Array,
  learningRate: number,
): void {
  if (losses.every(Number.isFinite) && weights.every(Number.isFinite)) return
  throw new EngineError(
    'training/diverged',
    `The training diverged in epoch ${epoch}: its ${losses.every(Number.isFinite) ? 'weights' : 'loss'} became infinite or not a number. ` +
      `Lower learningRate (it is ${learningRate}), or raise the batch, and run again.`,
    { epoch, learningRate },
  )
}
