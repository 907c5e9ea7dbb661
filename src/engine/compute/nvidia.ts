import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface Gpu {
  name: string
  memoryMiB: number | null
}

/** The first GPU that NVIDIA's driver knows, or null where there is no driver or no GPU. */
export async function findNvidiaGpu(): Promise<Gpu | null> {
  try {
    const query = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits']
    const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: 10_000 })
    return readGpuLine(stdout)
  } catch {
    return null
  }
}

/** Reads nvidia-smi's first line: `NVIDIA H100 80GB HBM3, 81559`. */
export function readGpuLine(output: string): Gpu | null {
  const [name = '', memory = ''] = (output.split('\n')[0] ?? '').split(/,\s*(?=[^,]*$)/)
  if (name.trim() === '') return null
  const memoryMiB = Number.parseInt(memory, 10)
  return { name: name.trim(), memoryMiB: Number.isNaN(memoryMiB) ? null : memoryMiB }
}
