import { Worker } from 'node:worker_threads'
import kernel from './assembly/scanner.ts?wasm=simd'
import type { ScannerKernel, ScannerMemory } from './scannerMemory.ts'

/** How a scan of a block ended: see assembly/scanner.ts. */
export type ScanState = 0 | 1 | 2

/** A worker's whole program: the kernel does the rest. It scans the block whose address comes as a message. */
const program = `
const { parentPort, workerData: { module, memory, tables, control } } = require('node:worker_threads')
const { useTables, useWords, scan } = new WebAssembly.Instance(module, { env: { memory } }).exports
useTables(...tables)
useWords(control)
parentPort.on('message', (block) => parentPort.postMessage(scan(block)))
`

export interface ScannerThreads {
  /** The kernel on this thread, for words of our own. */
  own: ScannerKernel
  /** Scans a block on thread `thread` from where it stopped; a thread takes blocks in the order in which they come. */
  scan(thread: number, block: number): Promise<ScanState>
  stop(): Promise<void>
}

export async function startScannerThreads(
  { memory, tables, control }: ScannerMemory,
  count: number,
): Promise<ScannerThreads> {
  const module = await WebAssembly.compile(Buffer.from(kernel, 'base64'))
  const own = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as ScannerKernel
  own.useTables(...tables)
  own.useWords(control)
  const threads = Array.from({ length: count }, () => {
    const worker = new Worker(program, {
      eval: true,
      workerData: { module, memory, tables, control },
      // The kernel's memory is not V8's: a thread needs next to none of its own.
      resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16, stackSizeMb: 1 },
    })
    const waiting: { resolve(state: ScanState): void; reject(error: Error): void }[] = []
    worker.on('message', (state: ScanState) => waiting.shift()?.resolve(state))
    worker.on('error', (error) => waiting.splice(0).forEach(({ reject }) => reject(error)))
    return { worker, waiting }
  })
  return {
    own,
    scan: (thread, block) =>
      new Promise((resolve, reject) => {
        threads[thread]!.waiting.push({ resolve, reject })
        threads[thread]!.worker.postMessage(block)
      }),
    async stop() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}
