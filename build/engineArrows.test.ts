import { ESLint } from 'eslint'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './setup/paths.mjs'

const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => ['isogloss/arrows', 'isogloss/layers', 'no-restricted-imports'].includes(ruleId),
  // Imports need no types, and a program of all sources takes a minute.
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
})

/** Of imports, those that lint refuses in a file below src, were they all of it. */
async function refused(filePath: string, modules: string[]): Promise<string[]> {
  const [result] = await eslint.lintText(modules.map((module) => `import '${module}'\n`).join(''), {
    filePath: join(root, 'src', filePath),
  })
  return [...new Set((result?.messages ?? []).map(({ line }) => modules[line - 1]!))]
}

const foldersOf = (folder: string) =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

describe('arrows between layers', () => {
  const layers: Record<string, string[]> = {
    protocol: [],
    pure: ['protocol'],
    engine: ['protocol', 'pure'],
    cli: ['protocol', 'pure'],
    main: ['protocol', 'pure'],
    preload: ['protocol'],
    renderer: ['protocol', 'pure'],
  }

  it('name every layer', () => expect(foldersOf('src').sort()).toEqual(Object.keys(layers).sort()))

  it.each(Object.entries(layers))('%s knows %j and no other', async (layer, known) => {
    const others = Object.keys(layers).filter((other) => other !== layer)
    const forbidden = others.filter((other) => !known.includes(other)).map((other) => `../${other}/some.ts`)
    expect(
      await refused(
        `${layer}/file.ts`,
        others.map((other) => `../${other}/some.ts`),
      ),
    ).toEqual(forbidden)
    // As deep below it, and by the short name.
    expect(
      await refused(
        `${layer}/a/b/file.ts`,
        others.map((other) => `../../../${other}/some.ts`),
      ),
    ).toHaveLength(forbidden.length)
    const short = ['protocol', 'pure', 'engine'].filter((other) => other !== layer)
    expect(
      await refused(
        `${layer}/file.ts`,
        short.map((other) => `#${other}/some.ts`),
      ),
    ).toHaveLength(short.filter((other) => !known.includes(other)).length)
  })

  it('let nothing leave src but for the version, and the command line see of the engine its files alone', async () => {
    expect(
      await refused('engine/version.ts', ['../../package.json', '../../build/layers.mjs', '../../bench/peers.ts']),
    ).toHaveLength(2)
    const engine = ['#engine/files/atomicFile.ts', '#engine/runs/recipes.ts', '#engine/random.ts']
    expect(await refused('cli/commands/run.ts', engine)).toEqual(engine.slice(1))
    expect(await refused('main/index.ts', engine)).toEqual(engine)
    expect(await refused('pure/x.ts', ['node:fs', 'svelte', 'd3-scale'])).toEqual(['node:fs', 'svelte'])
  })
})

describe('arrows inside the engine', () => {
  /** What each folder may import; the engine's own files are what all may use, and the process that starts the host. */
  const folders: Record<string, string[]> = {
    geo: [],
    files: ['geo'],
    gazetteer: ['geo'],
    compute: [],
    corpus: ['geo', 'files', 'gazetteer'],
    labels: ['geo', 'files', 'gazetteer'],
    embeddings: ['files'],
    models: ['geo', 'files', 'corpus', 'labels', 'embeddings', 'compute'],
    evaluation: ['geo'],
    regions: ['geo'],
    explorer: ['geo', 'files', 'gazetteer', 'corpus', 'labels', 'regions'],
    runs: [
      'geo',
      'files',
      'gazetteer',
      'compute',
      'corpus',
      'labels',
      'embeddings',
      'models',
      'evaluation',
      'regions',
      'explorer',
    ],
    host: ['geo', 'files', 'gazetteer', 'compute', 'corpus', 'runs', 'regions', 'explorer'],
  }

  it('name every folder', () => expect(foldersOf('src/engine').sort()).toEqual(Object.keys(folders).sort()))

  it.each(Object.entries(folders))('%s knows %j and no other', async (folder, known) => {
    const others = Object.keys(folders).filter((other) => other !== folder)
    const forbidden = others.filter((other) => !known.includes(other))
    expect(
      await refused(
        `engine/${folder}/file.ts`,
        others.map((other) => `../${other}/some.ts`),
      ),
    ).toEqual(forbidden.map((other) => `../${other}/some.ts`))
    expect(
      await refused(
        `engine/${folder}/file.ts`,
        others.map((other) => `#engine/${other}/some.ts`),
      ),
    ).toEqual(forbidden.map((other) => `#engine/${other}/some.ts`))
    expect(
      await refused(`engine/${folder}/file.ts`, ['./other.ts', './deeper/other.ts', '#engine/engineProcess.ts']),
    ).toEqual(['#engine/engineProcess.ts'])
  })

  it('keep the methods apart: one knows what a method is and what methods share', async () => {
    for (const name of ['attentionCnn', 'naiveBayes'])
      expect(existsSync(join(root, 'src/engine/models', name))).toBe(true)
    const method = ['../naiveBayes/bayesWeights.ts', '../methods.ts', '../method.ts', '../learning/decide.ts']
    expect(await refused('engine/models/attentionCnn/attentionCnn.ts', method)).toEqual(method.slice(0, 2))
    const generic = ['../attentionCnn/network.ts', '#engine/models/naiveBayes/naiveBayes.ts', '../method.ts']
    expect(await refused('engine/models/learning/decide.ts', generic)).toEqual(generic.slice(0, 2))
    expect(
      await refused('engine/models/methods.ts', ['./attentionCnn/attentionCnn.ts', './learning/decide.ts']),
    ).toEqual([])
    expect(
      await refused('engine/runs/recipes.ts', ['#engine/models/methods.ts', '#engine/models/naiveBayes/naiveBayes.ts']),
    ).toEqual(['#engine/models/naiveBayes/naiveBayes.ts'])
  })

  it('are held however a module is named', async () => {
    const ways = [
      "export * from '../runs/a.ts'",
      "export { a } from '#engine/runs/a.ts'",
      "void import('../../engine/runs/a.ts')",
      "export type A = import('#engine/runs/a.ts').A",
      "import type { A } from './../runs/a.ts'",
    ]
    for (const line of ways) {
      const [result] = await eslint.lintText(`${line}\n`, { filePath: join(root, 'src/engine/geo/file.ts') })
      expect(result?.messages, line).toHaveLength(1)
    }
  })
})
