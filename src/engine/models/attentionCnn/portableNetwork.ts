import type { CoordinateScale } from '#engine/models/learning/coordinateScale.ts'
import type { PortableModel } from '#engine/models/method.ts'
import { sizeOf } from './parameters.ts'
import program from './portableProgram.ts?alone'
import type { NetworkWeights } from './predict.ts'

/** The network as TensorFlow.js keeps weights, with the word vectors that it reads, frozen ones too. */
export function portableNetwork(
  { settings, parameters, values, vectors }: NetworkWeights,
  scale: CoordinateScale | null,
): PortableModel {
  let offset = 0
  const tensors = parameters.map(({ name, shape }) => {
    const size = sizeOf(shape)
    offset += size
    return { name, shape, values: values.subarray(offset - size, offset) }
  })
  return {
    form: 'tfjs',
    tensors: [...tensors, { name: 'words/vectors', shape: [vectors.rows, vectors.columns], values: vectors.values }],
    settings: { settings, scale },
    program,
  }
}
