import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { quietContext } from '#engine/context.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import { buildTokens } from '../tokens/buildTokens.ts'
import { openTokens, type CorpusTokens } from '../tokens/corpusTokens.ts'

/** A document as tests write it: an author where there is one, and a place. */
export interface TestDocument {
  text: string
  author?: string
  lat: number
  lon: number
  [column: string]: string | number | undefined
}

/** A corpus in memory with what the explorer reads of one. */
export function corpusOf(documents: TestDocument[], tokenisation: Corpus['tokenisation'] = 'text'): Corpus {
  const authors = [...new Set(documents.flatMap(({ author }) => author ?? []))]
  return {
    count: documents.length,
    authorNames: () => Promise.resolve(documents.map(({ author }) => author ?? '')),
    folds: new Uint8Array(documents.length),
    sourceRows: Int32Array.from(documents.keys()),
    points: {
      lat: Float64Array.from(documents, ({ lat }) => lat),
      lon: Float64Array.from(documents, ({ lon }) => lon),
    },
    authors: Int32Array.from(documents, ({ author }) => (author === undefined ? -1 : authors.indexOf(author))),
    authorCount: authors.length,
    tokenisation,
    furtherColumns: [],
    withoutText: false,
    async *texts() {
      await Promise.resolve()
      yield documents.map(({ text }) => Buffer.from(text))
    },
    column(name) {
      const values = [
        ...new Set(documents.flatMap((document) => (document[name] === undefined ? [] : String(document[name])))),
      ]
      return Promise.resolve({
        values,
        codes: Int32Array.from(documents, (document) => values.indexOf(String(document[name]))),
      })
    },
    document(row) {
      const { text, author = null, lat, lon } = documents[row]!
      return Promise.resolve({ row, fold: 'train' as const, author, text, lat, lon })
    },
    documentsAt: (rows) =>
      Promise.resolve(
        Array.from(rows, (row) => {
          const { text, author = null, lat, lon } = documents[row]!
          return { row, fold: 'train' as const, author, text, lat, lon, columns: {} }
        }),
      ),
    close: () => undefined,
  }
}

/** The tokens of a corpus, in a folder that goes with the test. */
export async function tokensOf(corpus: Corpus): Promise<CorpusTokens> {
  const directory = await mkdtemp(join(tmpdir(), 'isogloss-tokens-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  await buildTokens(corpus, directory, quietContext)
  return openTokens(directory)
}
