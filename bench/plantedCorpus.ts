import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { seededRandom } from '#engine/random.ts'
import { zipfRanks } from './zipf.ts'

/** Words of a group are each other's true neighbours; groups of a supergroup share texts. */
const groupSize = 25
const groupsPerSuper = 16
/** Of the vocabulary, one word in this many belongs to a group: the others are the long tail of every corpus. */
const groupedOneIn = 10
const documentWords = 40

/**
 * Writes PATH.train.txt and PATH.heldOut.txt, one document a line: word w7_3_12 is word 12 of group 3 of supergroup 7,
 * x400 belongs to none. Half of a document's words come from two groups of one supergroup, the others from the whole
 * vocabulary by Zipf's law, in which words of groups and others are mixed by a seeded shuffle.
 */
export async function writePlantedCorpus(path: string, words: number, vocabulary: number, seed: number): Promise<void> {
  const random = seededRandom(seed)
  const groups = Math.floor(vocabulary / groupedOneIn / groupSize)
  const order = Int32Array.from({ length: vocabulary }, (_, i) => i)
  random.shuffle(order)
  const name = (word: number) => {
    const group = Math.floor(word / groupSize)
    return group < groups
      ? `w${Math.floor(group / groupsPerSuper)}_${group % groupsPerSuper}_${word % groupSize}`
      : `x${word}`
  }
  const zipf = zipfRanks(order.length)
  const document = () => {
    const supergroup = random.below(Math.ceil(groups / groupsPerSuper))
    const first = supergroup * groupsPerSuper
    const count = Math.min(groupsPerSuper, groups - first)
    const two = [first + random.below(count), first + random.below(count)]
    return Array.from({ length: documentWords }, () =>
      name(random.next() < 0.5 ? two[random.below(2)]! * groupSize + random.below(groupSize) : order[zipf(random)]!),
    ).join(' ')
  }
  for (const [part, count] of [
    ['train', words],
    ['heldOut', Math.min(words, 200_000)],
  ] as const) {
    const file = createWriteStream(`${path}.${part}.txt`)
    for (let written = 0; written < count; written += documentWords) {
      if (!file.write(`${document()}\n`)) await once(file, 'drain')
    }
    file.end()
    await once(file, 'finish')
  }
}
