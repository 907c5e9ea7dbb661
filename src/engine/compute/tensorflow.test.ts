import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { DeviceReport } from '#protocol/machine.ts'
import { readGpuLine } from './nvidia.ts'
import { loadTensorFlow } from './tensorflow.ts'
import { chooseThreads } from './threads.ts'

describe('loadTensorFlow', () => {
  it('multiplies matrices on native TensorFlow, as a plain loop does', async () => {
    const { tf, device } = await loadTensorFlow()
    expect(device).toMatchObject({ backend: 'tensorflow', native: true, tensorflowVersion: '2.21.0' })
    const size = 37
    const a = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i))
    const b = Float32Array.from({ length: size * size }, (_, i) => Math.cos(3 * i))
    const before = tf.memory().numTensors
    const product = tf.tidy(() => tf.matMul(tf.tensor2d(a, [size, size]), tf.tensor2d(b, [size, size])).dataSync())
    expect(tf.memory().numTensors).toBe(before)
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let sum = 0
        for (let k = 0; k < size; k++) sum += (a[i * size + k] ?? 0) * (b[k * size + j] ?? 0)
        expect(product[i * size + j]).toBeCloseTo(sum, 4)
      }
    }
  })

  it('is loaded once', async () => {
    expect(await loadTensorFlow()).toBe(await loadTensorFlow())
  })

  it.each(['tensorflow', 'wasm', 'cpu'])(
    'computes the same gradient on the %s backend, in silence',
    async (backend) => {
      const { device, gradient, stderr } = await inChild({ ISOGLOSS_BACKEND: backend, ISOGLOSS_THREADS: '1' })
      expect(device?.backend).toBe(backend)
      expect(device?.threads).toBe(1)
      expect(gradient).toEqual([4, 4, 6, 6])
      expect(stderr).toBe('')
    },
  )

  it('names a backend that does not exist', async () => {
    const { failure } = await inChild({ ISOGLOSS_BACKEND: 'webgpu' })
    expect(failure).toMatch(/compute\/backend-unknown.*"webgpu".*tensorflow, wasm, cpu/)
  })
})

describe('chooseThreads', () => {
  it('prefers our own variable, then TensorFlow’s', () => {
    expect(chooseThreads({ ISOGLOSS_THREADS: '3', TF_NUM_INTRAOP_THREADS: '5' })).toBe(3)
    expect(chooseThreads({ ISOGLOSS_THREADS: '', TF_NUM_INTRAOP_THREADS: '5' })).toBe(5)
    expect(chooseThreads({})).toBeGreaterThan(0)
  })

  it.each(['0', '-1', '1.5', 'many'])('refuses %s', (value) => {
    expect(() => chooseThreads({ ISOGLOSS_THREADS: value })).toThrow(/expected a whole number/)
  })
})

describe('readGpuLine', () => {
  it('reads name and memory', () => {
    expect(readGpuLine('NVIDIA H100 80GB HBM3, 81559\nNVIDIA T4, 15360\n')).toEqual({
      name: 'NVIDIA H100 80GB HBM3',
      memoryMiB: 81559,
    })
  })

  it('keeps a name whose memory is unknown, and knows that there is no GPU', () => {
    expect(readGpuLine('NVIDIA GB10, [N/A]\n')).toEqual({ name: 'NVIDIA GB10', memoryMiB: null })
    expect(readGpuLine('\n')).toBeNull()
  })
})

/** A backend is chosen once a process, so each forced one gets its own: Vite's runner loads the sources there too. */
async function inChild(
  environment: Record<string, string>,
): Promise<{ device?: DeviceReport; gradient?: number[]; failure?: string; stderr: string }> {
  const program = fileURLToPath(new URL('testing/gradientProgram.mjs', import.meta.url))
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], {
    env: { ...process.env, ...environment },
  })
  return { ...JSON.parse(stdout), stderr }
}
