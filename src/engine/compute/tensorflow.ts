import { createRequire } from 'node:module'
import type { DeviceReport } from '#protocol/results.ts'
import type { TensorFlow } from './types.ts'
export async function loadTensorFlow(): Promise<{ tf: TensorFlow; device: DeviceReport }> {
  process.env['TF_NUM_INTRAOP_THREADS'] ??= '2'
  process.env['TF_NUM_INTEROP_THREADS'] ??= '1'
  const tf = createRequire('/tmp/tfx/x.js')('@tensorflow/tfjs-node-gpu') as TensorFlow
  return { tf, device: { backend: 'tensorflow', native: true, tensorflowVersion: '2.21', gpu: null, reasons: [], threads: 2 } }
}
