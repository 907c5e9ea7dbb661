import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { virtualEnvironment } from '../../../bench/virtualEnvironment.ts'
import { randomVectors } from './randomVectors.ts'
import { exportWord2vec, importWord2vec, writtenWord } from './word2vec.ts'

/** The library whose files most people have; what it writes and reads is word2vec's format in practice. */
const packages = { gensim: '4.4.0', numpy: '2.3.5', scipy: '1.16.3' }
const words = ['the', 'jawn', "y'all", 'grüezi', 'šta', '⟨Bern⟩', '⟨New York City⟩', '😂']
const vectors = randomVectors(words.length, 24, 7)

describe('word2vec files and gensim', { timeout: 300_000 }, () => {
  let directory: string
  let python: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
    python = await virtualEnvironment(packages, (line) => console.warn(line))
  }, 300_000)
  afterAll(() => rm(directory, { recursive: true }))
  const run = (program: string, ...args: string[]) =>
    execFileSync(python, ['-c', `import sys\n${program}`, ...args], { encoding: 'utf8' })

  it.each([true, false])('gensim reads what we write (binary: %s)', async (binary) => {
    const file = join(directory, `ours-${binary}`)
    await exportWord2vec(file, words, vectors, binary)
    const read = JSON.parse(
      run(
        `
import json
from gensim.models import KeyedVectors
found = KeyedVectors.load_word2vec_format(sys.argv[1], binary=sys.argv[2] == "true")
print(json.dumps({"words": found.index_to_key, "values": [float(value) for value in found.vectors.ravel()]}))`,
        file,
        String(binary),
      ),
    ) as { words: string[]; values: number[] }
    expect(read.words).toEqual(words.map(writtenWord))
    expect(Float32Array.from(read.values)).toEqual(vectors.values)
  })

  it.each([true, false])('we read what gensim writes (binary: %s)', async (binary) => {
    const [source, file] = [join(directory, 'source'), join(directory, `gensim-${binary}`)]
    await exportWord2vec(source, words, vectors, true)
    run(
      `
from gensim.models import KeyedVectors
KeyedVectors.load_word2vec_format(sys.argv[1], binary=True).save_word2vec_format(sys.argv[2], binary=sys.argv[3] == "true")`,
      source,
      file,
      String(binary),
    )
    const { matrix, found } = await importWord2vec(file, words)
    expect(found).toBe(words.length)
    expect(matrix.values).toEqual(vectors.values)
  })
})
