import { EngineError } from '#protocol/errors.ts'
import type { DeviceReport } from '#protocol/machine.ts'
import { installAdvice } from '#engine/files/installation.ts'
import { openNative, openPlain, openWebAssembly, type OpenedBackend } from './backends.ts'
import { findNvidiaGpu } from './nvidia.ts'
import { chooseThreads } from './threads.ts'
import type { TensorFlow } from './types.ts'

export interface LoadedTensorFlow {
  tf: TensorFlow
  device: DeviceReport
}

type BackendName = DeviceReport['backend']
const backendNames: readonly BackendName[] = ['tensorflow', 'wasm', 'cpu']
const openers: Record<BackendName, () => Promise<OpenedBackend>> = {
  tensorflow: openNative,
  wasm: openWebAssembly,
  cpu: openPlain,
}

let loading: Promise<LoadedTensorFlow> | undefined
let loadedDevice: DeviceReport | null = null

/**
 * TensorFlow.js over the best that this machine has: native TensorFlow (with a GPU if it sees one), else WebAssembly,
 * else plain JavaScript; `device.reasons` says why it is not the best thinkable, and what to do. Loaded once a process;
 * in the main thread, since native code does not see what a worker thread sets in its environment.
 * ISOGLOSS_BACKEND forces one backend, ISOGLOSS_THREADS the number of threads.
 * @throws EngineError 'compute/backend-unknown', 'compute/backend-missing' (a forced one), 'compute/threads'
 */
export function loadTensorFlow(): Promise<LoadedTensorFlow> {
  loading ??= load().then((loaded) => {
    loadedDevice = loaded.device
    return loaded
  })
  return loading
}

/** What computes, without loading it: TensorFlow takes half a gigabyte. Null until something needed it. */
export const deviceInUse = (): DeviceReport | null => loadedDevice

/**
 * Whether a device that was measured on this machine is the one that would compute now. Without TensorFlow in memory this goes
 * by what can be told from outside: threads, a backend that is asked for, and the GPU.
 */
export async function isDeviceHere(measured: {
  backend: BackendName
  threads: number
  device: string
}): Promise<boolean> {
  if (loadedDevice) {
    const { backend, threads, gpu } = loadedDevice
    return measured.backend === backend && measured.threads === threads && measured.device === (gpu?.name ?? 'cpu')
  }
  const threads = measured.backend === 'tensorflow' ? chooseThreads(process.env) : 1
  if (measured.threads !== threads || (forcedBackend() ?? measured.backend) !== measured.backend) return false
  return measured.device === 'cpu' || measured.device === (await findNvidiaGpu())?.name
}

async function load(): Promise<LoadedTensorFlow> {
  const forced = forcedBackend()
  const threads = chooseThreads(process.env)
  setNativeEnvironment(threads)
  const reasons: string[] = []
  for (const name of forced ? [forced] : backendNames) {
    try {
      const { tf, gpu, tensorflowVersion, remarks } = await openers[name]()
      reasons.push(...remarks)
      const native = name === 'tensorflow'
      if (forced && !native) reasons.push('ISOGLOSS_BACKEND asks for it; leave it out to use the best that there is.')
      // The other backends compute in one thread.
      return { tf, device: { backend: name, native, tensorflowVersion, gpu, reasons, threads: native ? threads : 1 } }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (forced) {
        throw new EngineError(
          'compute/backend-missing',
          `ISOGLOSS_BACKEND asks for "${forced}", which does not load: ${reason}`,
          { backend: forced },
          { cause: error },
        )
      }
      reasons.push(reason)
    }
  }
  throw new EngineError(
    'compute/backend-missing',
    `No backend of TensorFlow.js loads: ${reasons.join('; ')}. ${installAdvice('anew')}`,
  )
}

/** TensorFlow reads these when its library is loaded, not later. */
function setNativeEnvironment(threads: number): void {
  process.env['TF_NUM_INTRAOP_THREADS'] = String(threads)
  process.env['TF_NUM_INTEROP_THREADS'] ??= '1'
  // Errors alone: with a GPU it would warn at every start that our next line is set, and `doctor` says what is missing.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  // Else TensorFlow takes all of a GPU's memory at once, and a second program gets none.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'
}

function forcedBackend(): BackendName | undefined {
  const wanted = process.env['ISOGLOSS_BACKEND']
  if (!wanted) return undefined
  const found = backendNames.find((name) => name === wanted)
  if (found) return found
  throw new EngineError(
    'compute/backend-unknown',
    `ISOGLOSS_BACKEND is "${wanted}", expected one of ${backendNames.join(', ')}. Correct it, or leave it out.`,
  )
}
