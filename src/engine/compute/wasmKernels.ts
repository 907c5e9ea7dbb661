import type { TensorFlow } from './types.ts'

interface Held {
  dataId: object
  shape: number[]
}
interface WasmBackend {
  readSync(dataId: object): Float32Array | Int32Array
  makeOutput(shape: number[], dtype: 'float32', memoryOffset: undefined, values: Float32Array): { dataId: object; shape: number[]; dtype: 'float32' }
}

/** Gives the WebAssembly backend the kernel that training needs and its package lacks. */
export function registerMissingWasmKernels(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: 'UnsortedSegmentSum',
    backendName: 'wasm',
    kernelFunc({ inputs, attrs, backend }) {
      const { x, segmentIds } = inputs as unknown as Record<'x' | 'segmentIds', Held>
      const { numSegments } = attrs as unknown as { numSegments: number }
      const wasm = backend as WasmBackend
      const rest = x.shape.slice(1)
      const size = rest.reduce((product, length) => product * length, 1)
      const [values, segments] = [wasm.readSync(x.dataId), wasm.readSync(segmentIds.dataId)]
      const sums = new Float32Array(numSegments * size)
      segments.forEach((segment, row) => {
        // As in TensorFlow, a negative segment counts nowhere.
        if (segment < 0) return
        for (let i = 0; i < size; i++) sums[segment * size + i]! += values[row * size + i]!
      })
      return wasm.makeOutput([numSegments, ...rest], 'float32', undefined, sums)
    },
  })
}
