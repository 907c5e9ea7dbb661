import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { ModelTask } from '#protocol/models/description.ts'
import type { Tensor, Tensor1D, TensorFlow } from '#engine/compute/types.ts'
import type { Random } from '#engine/random.ts'

/** What the network's size depends on beside its settings. */
export interface NetworkSize {
  dimensions: number
  /** 0 without labels. */
  labelCount: number
}

export interface Parameter {
  name: string
  shape: number[]
  /** Uniform in plus or minus a limit, normal with a standard deviation, or zeros. */
  start: { uniform: number } | { normal: number } | 'zeros'
}

/** Glorot & Bengio 2010, formula 16. */
const glorot = (inputs: number, outputs: number) => ({ uniform: Math.sqrt(6 / (inputs + outputs)) })

/** Features that the heads read: those of the channels and, with characters, the sum of the word vectors. */
export const featureCount = (
  { filters, windows, characters }: Pick<AttentionCnnSettings, 'filters' | 'windows' | 'characters'>,
  dimensions: number,
): number => filters[1] * windows.length + (typeof characters === 'object' ? dimensions : 0)

/**
 * The network's parameters in the order in which they lie in one flat vector. One vector, because an optimiser
 * that works on it needs a handful of operations a step, whatever the number of layers.
 */
export function listParameters(settings: AttentionCnnSettings, { dimensions, labelCount }: NetworkSize): Parameter[] {
  const [first, second] = settings.filters
  const features = second * settings.windows.length
  const read = featureCount(settings, dimensions)
  const channels = settings.windows.flatMap((window, channel): Parameter[] => [
    // A word's products with all parts of the kernel are one matrix product in this shape: see wordConvolution.ts.
    {
      name: `channel${channel}/kernel1`,
      shape: [dimensions, window * first],
      start: glorot(window * dimensions, first),
    },
    { name: `channel${channel}/bias1`, shape: [first], start: 'zeros' },
    { name: `channel${channel}/kernel2`, shape: [window * first, second], start: glorot(window * first, second) },
    { name: `channel${channel}/bias2`, shape: [second], start: 'zeros' },
  ])
  const summary: Parameter[] =
    settings.attention === 'none'
      ? []
      : [
          {
            name: 'attention/weight',
            shape: [features, settings.attentionUnits],
            start: glorot(features, settings.attentionUnits),
          },
          { name: 'attention/bias', shape: [settings.attentionUnits], start: 'zeros' },
          // A flat start decides: a softmax that starts peaked stays so.
          { name: 'attention/context', shape: [settings.attentionUnits, 1], start: { normal: 0.01 } },
        ]
  const head = (name: ModelTask, outputs: number): Parameter[] =>
    settings.tasks.includes(name)
      ? [
          { name: `${name}/weight`, shape: [read, outputs], start: glorot(read, outputs) },
          { name: `${name}/bias`, shape: [outputs], start: 'zeros' },
        ]
      : []
  return [...channels, ...summary, ...head('labels', labelCount), ...head('coordinates', 2)]
}

/** Labels that a network of these parameters tells apart; 0 where it has no head for them. */
export const labelCountOf = (parameters: Parameter[]): number =>
  parameters.find(({ name }) => name === 'labels/bias')?.shape[0] ?? 0

export const sizeOf = (shape: number[]) => shape.reduce((product, size) => product * size, 1)

/** The flat vector at the start of training. */
export function startParameters(parameters: Parameter[], random: Random): Float32Array {
  const values = new Float32Array(parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0))
  let offset = 0
  for (const { shape, start } of parameters) {
    const size = sizeOf(shape)
    if (start !== 'zeros') {
      const draw =
        'uniform' in start ? () => (2 * random.next() - 1) * start.uniform : () => random.normal() * start.normal
      for (let i = 0; i < size; i++) values[offset + i] = draw()
    }
    offset += size
  }
  return values
}

/** Cuts the flat vector into named tensors. The caller's tidy owns them. */
export function splitParameters(tf: TensorFlow, flat: Tensor1D, parameters: Parameter[]): Record<string, Tensor> {
  const parts = tf.split(
    flat,
    parameters.map(({ shape }) => sizeOf(shape)),
  )
  return Object.fromEntries(parameters.map(({ name, shape }, i) => [name, parts[i]!.reshape(shape)]))
}

/** Lays gradients out as the flat vector; a parameter without one gets zeros. */
export function joinGradients(tf: TensorFlow, gradients: Record<string, Tensor>, parameters: Parameter[]): Tensor1D {
  return tf.concat1d(
    parameters.map(({ name, shape }) => {
      const gradient = gradients[name]
      return (gradient ? gradient.reshape([sizeOf(shape)]) : tf.zeros([sizeOf(shape)])) as Tensor1D
    }),
  )
}
