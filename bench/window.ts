import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../build/setup/paths.mjs'
import type { BenchProgram } from './program.ts'

const packages = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>

/** The window. What measures it brings Playwright and Vite, which no side of another bench is to hold in memory. */
export const windowBench: BenchProgram = {
  peers: { '@deck.gl/core': packages.dependencies['@deck.gl/core']!, electron: packages.devDependencies['electron']! },
  peerIn: 'electron',
  ours: {},
  run: async (bench) => (await import('./measureWindow.ts')).measureWindow(bench),
}
