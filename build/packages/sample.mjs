import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../setup/paths.mjs'

/** The demo's corpus and its experiment, ready-made: what an administrator or a course tries first. */
export async function placeSample(/** @type {string} */ folder) {
  /** @type {typeof import('../../src/engine/corpus/sample/generateSample.ts')} */
  const { generateSample } = await import(pathToFileURL(join(root, 'out/node/sample.js')).href)
  const nobodyWatches = { signal: new AbortController().signal, report: () => undefined, note: () => undefined }
  await mkdir(folder, { recursive: true })
  await generateSample({ directory: folder, authors: 4000, seed: 1 }, nobodyWatches)
  const demo = readFileSync(join(root, 'resources', 'demo.yaml'), 'utf8')
  await writeFile(join(folder, 'demo.yaml'), demo.replaceAll(': sample/', ': '))
}
