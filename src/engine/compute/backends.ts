import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { DeviceReport } from '#protocol/machine.ts'
import { installAdvice } from '#engine/files/installation.ts'
import { findNvidiaGpu } from './nvidia.ts'
import type { TensorFlow } from './types.ts'

/** The three ways in which TensorFlow.js computes here. Each throws with what was found and what to do. */
export interface OpenedBackend {
  tf: TensorFlow
  tensorflowVersion: string | null
  gpu: DeviceReport['gpu']
  /** Why it is slower than it could be, and what to do. */
  remarks: string[]
}

// The packages are CommonJS that extend one shared instance of @tensorflow/tfjs; as ES modules they would be a second one.
const require = createRequire(import.meta.url)

interface NativeBackend {
  isUsingGpuDevice: boolean
  binding: { TF_Version: string }
}

export async function openNative(): Promise<OpenedBackend> {
  restoreOldUtil()
  const tf = loadNativePackage()
  quieten(tf)
  await tf.ready()
  const backend = tf.backend() as unknown as NativeBackend
  const gpu = await findNvidiaGpu()
  const remarks: string[] = []
  if (gpu && !backend.isUsingGpuDevice) {
    remarks.push(
      `There is a GPU (${gpu.name}), but TensorFlow does not see it: its CPU build is installed, or CUDA's libraries are ` +
        `missing. ${installAdvice('gpu')}`,
    )
  } else if (!backend.isUsingGpuDevice) {
    remarks.push('No NVIDIA GPU was found (nvidia-smi names none): training uses the processor.')
  }
  return {
    tf,
    tensorflowVersion: backend.binding.TF_Version,
    gpu: backend.isUsingGpuDevice ? (gpu ?? { name: 'unknown GPU', memoryMiB: null }) : null,
    remarks,
  }
}

export async function openWebAssembly(): Promise<OpenedBackend> {
  const tf = require('@tensorflow/tfjs') as TensorFlow
  quieten(tf)
  const entry = require.resolve('@tensorflow/tfjs-backend-wasm')
  const wasm = require(entry) as typeof import('@tensorflow/tfjs-backend-wasm')
  wasm.setWasmPaths(join(dirname(entry), '/'))
  if (!(await tf.setBackend('wasm'))) throw new Error('The WebAssembly backend of TensorFlow.js does not start.')
  return { tf, tensorflowVersion: null, gpu: null, remarks: ['Computing in WebAssembly: training is very slow.'] }
}

export async function openPlain(): Promise<OpenedBackend> {
  const tf = require('@tensorflow/tfjs') as TensorFlow
  quieten(tf)
  if (!(await tf.setBackend('cpu'))) throw new Error('The plain JavaScript backend of TensorFlow.js does not start.')
  return {
    tf,
    tensorflowVersion: null,
    gpu: null,
    remarks: ['Computing in plain JavaScript: training is extremely slow.'],
  }
}

function loadNativePackage(): TensorFlow {
  try {
    return require('@tensorflow/tfjs-node-gpu') as TensorFlow
  } catch (error) {
    const firstLine = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
    const reason = firstLine.includes('tfjs_binding.node) can not be found') ? 'it is not installed' : firstLine.trim()
    throw new Error(`Native TensorFlow does not load: ${reason}. ${installAdvice('tensorflow')}`, { cause: error })
  }
}

/** Production mode only silences: TensorFlow.js would advise on standard error to install what we fall back from. */
function quieten(tf: TensorFlow): void {
  tf.env().set('PROD', true)
}

/** tfjs-node still calls what Node 23 took out of `node:util`. */
function restoreOldUtil(): void {
  const util = require('node:util') as Record<string, unknown>
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined
  util['isArray'] ??= Array.isArray
}
