import type { TensorFlow } from './types.ts'

interface Held {
  dataId: object
  shape: number[]
}
type Made = Held & { dtype: 'float32' }
interface Backend {
  readSync(dataId: object): Float32Array | Int32Array
  /** The plain backend's way to a tensor. */
  makeTensorInfo?(shape: number[], dtype: 'float32', values: Float32Array): Made
  /** WebAssembly's way; the plain backend has another method of this name. */
  makeOutput(shape: number[], dtype: 'float32', memoryOffset: undefined, values: Float32Array): Made
}

/**
 * Gives a backend a kernel that sums rows by segment in one pass, since training asks for it at every step: the
 * WebAssembly backend has none, and the plain one goes through all rows once a segment.
 */
export function registerSegmentSum(tf: TensorFlow, backendName: 'wasm' | 'cpu'): void {
  const kernelName = 'UnsortedSegmentSum'
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName)
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc({ inputs, attrs, backend: held }) {
      const { x, segmentIds } = inputs as unknown as Record<'x' | 'segmentIds', Held>
      const { numSegments } = attrs as unknown as { numSegments: number }
      const backend = held as Backend
      const rest = x.shape.slice(1)
      const size = rest.reduce((product, length) => product * length, 1)
      const [values, segments] = [backend.readSync(x.dataId), backend.readSync(segmentIds.dataId)]
      const sums = new Float32Array(numSegments * size)
      segments.forEach((segment, row) => {
        // As in TensorFlow, a negative segment counts nowhere.
        if (segment < 0) return
        for (let i = 0; i < size; i++) sums[segment * size + i]! += values[row * size + i]!
      })
      const shape = [numSegments, ...rest]
      return backend.makeTensorInfo?.(shape, 'float32', sums) ?? backend.makeOutput(shape, 'float32', undefined, sums)
    },
  })
}
