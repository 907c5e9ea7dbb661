import { expect, test } from 'vitest'
import { corpusOfRun } from './corpusOfRun.ts'
import type { Manifest } from './manifest.ts'

test('the corpus of a run is found whatever the run was made from', async () => {
  const recipes: Record<string, object> = {
    'run text': { corpus: 'c' },
    'run mean': { parts: ['text'], labels: 'l' },
    'run words': { vocabulary: 'v' },
    // A network for coordinates alone has no labels, and its vectors alone know the words.
    'run coordinates': { embedding: 'e' },
    'labels l': { corpus: 'c' },
    'vocabulary v': { corpus: 'c' },
    'embedding e': { vocabulary: 'v' },
    'run lost': {},
  }
  const store = {
    manifest: (kind: string, id: string) =>
      Promise.resolve({ recipe: recipes[`${kind} ${id}`] } as unknown as Manifest),
  }
  for (const run of ['text', 'mean', 'words', 'coordinates']) expect(await corpusOfRun(store, run)).toBe('c')
  await expect(corpusOfRun(store, 'lost')).rejects.toThrow('leads to no corpus')
})
