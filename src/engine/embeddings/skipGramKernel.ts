import { setFlagsFromString } from 'node:v8'
import kernel from './assembly/skipGram.ts?wasm'

/**
 * The compiled kernel. Fused multiply-add is used wherever the machine has it, in the window and on the command line
 * alike, so that one device gives one result: Node 20 hides it behind a flag, later versions do not.
 */
export function loadSkipGramKernel(): Promise<WebAssembly.Module> {
  const relaxed = Buffer.from(kernel.relaxedSimd, 'base64')
  if (!WebAssembly.validate(relaxed)) setFlagsFromString('--experimental-wasm-relaxed-simd')
  return WebAssembly.compile(WebAssembly.validate(relaxed) ? relaxed : Buffer.from(kernel.simd, 'base64'))
}

/** A worker's whole program: the kernel does the rest. It starts on a message and answers when it has stopped. */
export const skipGramWorkerProgram = `
const { parentPort, workerData: { module, memory, addresses } } = require('node:worker_threads')
const { work } = new WebAssembly.Instance(module, { env: { memory } }).exports
parentPort.on('message', () => {
  work(...addresses)
  parentPort.postMessage('stopped')
})
`
