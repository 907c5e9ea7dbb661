import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { quietContext } from '#engine/context.ts'
import { generateSample } from '#engine/corpus/sample/generateSample.ts'

/** Raised when a corpus of the same name comes out different. */
const version = 1

/** A corpus of the form of the paper's: TWITTER-US has 84 short tweets an author, TWITTER-WORLD nine longer ones. */
export const twitterForms = {
  us: { authors: 449_694, wordsPerAuthor: 380, wordsPerTweet: 4.5, maxWords: 800 },
  world: { authors: 1_386_766, wordsPerAuthor: 86, wordsPerTweet: 10, maxWords: 400 },
}
export type TwitterForm = keyof typeof twitterForms

export interface TwitterCorpus {
  train: string[]
  dev: string[]
  test: string[]
}

/**
 * A generated corpus of `share` of the paper's authors, made once and kept in the cache. A second training file holds rows
 * that no import may accept.
 */
export async function twitterCorpus(
  form: TwitterForm,
  share: number,
  say: (line: string) => void,
): Promise<TwitterCorpus> {
  const { wordsPerAuthor, wordsPerTweet } = twitterForms[form]
  const authors = Math.round(twitterForms[form].authors * share)
  const directory = join(
    process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'isogloss',
    'bench',
    `twitter-${form}-${authors}-v${version}`,
  )
  if (!existsSync(directory)) {
    say(`making a corpus of ${authors} authors like TWITTER-${form.toUpperCase()}`)
    const partial = `${directory}.partial-${process.pid}`
    await mkdir(partial, { recursive: true })
    try {
      await generateSample(
        { directory: partial, authors, seed: 1, form, wordsPerAuthor, wordsPerTweet, openVocabulary: 0.15 },
        quietContext,
      )
      await writeFile(join(partial, 'spoilt.txt.gz'), gzipSync(spoiltRows(Math.max(10, Math.round(authors / 1000)))))
      await rename(partial, directory)
    } finally {
      await rm(partial, { recursive: true, force: true })
    }
  }
  const file = (name: string) => join(directory, `${name}.txt.gz`)
  return { train: [file('train'), file('spoilt')], dev: [file('dev')], test: [file('test')] }
}

/** Rows as corpora have them that went through several hands, of each kind `count`. */
function spoiltRows(count: number): string {
  const kinds = [
    'x\t91.5\t8.5\tout of range',
    'x\t47.5\t188.5\tout of range',
    'x\t0\t0\tnull island',
    'x\t0.0\t-0.0\tnull island',
    'x\t47.5\t8.5\t  ',
    'x\tnorth\t8.5\tno number',
    'x\t47.5\t\tno number',
    'x\t47.5',
  ]
  return Array.from({ length: count }, (_, i) => kinds.map((row) => `spoilt_${i}${row.slice(1)}\n`).join('')).join('')
}
