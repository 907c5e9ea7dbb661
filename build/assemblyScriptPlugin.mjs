import { main } from 'assemblyscript/asc'

/**
 * Vite plugin: `import kernel from './kernel.ts?wasm'` compiles AssemblyScript and gives `{ simd, relaxedSimd }`, the
 * module in base64 without and with fused multiply-add, for a shared memory that the importer brings; `?wasm=simd` gives
 * the one without alone.
 * @returns {import('vite').Plugin}
 */
export function assemblyScript() {
  return {
    name: 'isogloss-assembly-script',
    enforce: 'pre',
    async load(id) {
      const [file, query] = id.split('?')
      if (!file?.endsWith('.ts')) return null
      if (query === 'wasm=simd') return `export default ${JSON.stringify(await compile(file, []))}`
      if (query !== 'wasm') return null
      const [simd, relaxedSimd] = [await compile(file, []), await compile(file, ['--enable', 'relaxed-simd'])]
      return `export default ${JSON.stringify({ simd, relaxedSimd })}`
    },
  }
}

/** 4 GiB, the most that a WebAssembly memory can have; the importer's memory says how much of it there is. */
const maximumPages = 65536

async function compile(/** @type {string} */ file, /** @type {string[]} */ features) {
  /** @type {Uint8Array | null} */
  let binary = null
  const options = [
    '-O3',
    '--runtime',
    'stub',
    '--noAssert',
    '--importMemory',
    '--sharedMemory',
    '--maximumMemory',
    String(maximumPages),
  ]
  const { error, stderr } = await main(
    [file, '--outFile', 'kernel.wasm', ...options, '--enable', 'simd,threads', ...features],
    {
      writeFile(name, contents) {
        if (name.endsWith('.wasm')) binary = /** @type {Uint8Array} */ (contents)
      },
    },
  )
  if (error || !binary) throw new Error(`${file} does not compile:\n${error?.message ?? ''}\n${stderr.toString()}`)
  return Buffer.from(binary).toString('base64')
}
