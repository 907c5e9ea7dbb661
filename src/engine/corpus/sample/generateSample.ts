import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { StageContext } from '#engine/context.ts'
import { temporaryBeside } from '#engine/files/exclusiveFile.mjs'
import { placeNewFile, writeNewFile } from '#engine/files/newFile.ts'
import { pause } from '#engine/pause.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { loadGazetteer, type Gazetteer } from '#engine/gazetteer/gazetteer.ts'
import { seededRandom, type Random } from '#engine/random.ts'
import { inventWords, spellWord } from './inventWords.ts'
import { regionalWords } from './regionalWords.ts'

export interface SampleOptions {
  directory: string
  authors: number
  seed: number
  /** `us`: many tweets an author round cities of the contiguous USA; `world`: few tweets, cities of the world. */
  form?: 'us' | 'world'
  /** Mean number of words an author, before preprocessing. */
  wordsPerAuthor?: number
  /** Mean number of words a tweet; about 13 where it is left out. */
  wordsPerTweet?: number
  /**
   * Share of words from an open vocabulary of 40 million, by Zipf's law: names, slips and inventions, most of them seen
   * once, which is what makes the vocabulary of a real corpus grow with its size.
   */
  openVocabulary?: number
}

const notice = `Synthetic corpus.
Every author, place of an author and text in this folder was invented by Isogloss's sample generator from a seed.
Nobody wrote these texts. Use them to try the program, never as evidence about language.
`

const cityCount = { us: 80, world: 400 }
/** Development and test are a tenth each, at most the 10,000 of the paper's corpora. */
const heldOut = (authors: number) => Math.min(10_000, Math.floor(authors / 10))
const usualWords = { us: 75, world: 30 }
/** In usual words: what keeps 99.5 % of authors within the paper's 800 and 400. */
const longestAuthor = { us: 760 / 75, world: 380 / 30 }

/**
 * Writes train.txt.gz, dev.txt.gz and test.txt.gz (author TAB lat TAB lon TAB tweets joined by ` ||| `) and, last,
 * SYNTHETIC.txt. The same options give the same bytes. Memory does not grow with the number of authors.
 * @throws EngineError 'export/exists' where a file of another sample, or anybody's, has one of these names
 */
export async function generateSample(
  options: SampleOptions,
  context: StageContext,
): Promise<{ files: Record<'train' | 'dev' | 'test', string> }> {
  const {
    directory,
    authors,
    seed,
    form = 'us',
    wordsPerAuthor = usualWords[form],
    wordsPerTweet,
    openVocabulary = 0,
  } = options
  const style: Style = {
    wordsPerAuthor,
    longest: Math.round(longestAuthor[form] * wordsPerAuthor),
    tweet: wordsPerTweet
      ? { least: Math.ceil(wordsPerTweet / 2), end: 1 / (1 + wordsPerTweet - Math.ceil(wordsPerTweet / 2)) }
      : { least: 6, end: 0.12 },
    openVocabulary,
  }
  await mkdir(directory, { recursive: true })
  const world = await makeWorld(form, seed)
  const files = {
    train: join(directory, 'train.txt.gz'),
    dev: join(directory, 'dev.txt.gz'),
    test: join(directory, 'test.txt.gz'),
  }
  const held = heldOut(authors)
  let author = 0
  async function* lines(count: number): AsyncGenerator<string> {
    for (let i = 0; i < count; i++, author++) {
      if (author % 200 === 0) {
        await pause(context)
        context.report({ done: author, total: authors, unit: 'documents' })
      }
      // A stream of its own an author: an author is the same whatever is made before.
      yield writeAuthor(world, author, seededRandom(seed, 100 + author), style)
    }
  }
  for (const [fold, count] of [
    ['train', authors - 2 * held],
    ['dev', held],
    ['test', held],
  ] as const) {
    const temporary = temporaryBeside(files[fold])
    try {
      await pipeline(lines(count), createGzip({ level: 6 }), createWriteStream(temporary, { flags: 'wx' }), {
        signal: context.signal,
      })
      await placeNewFile(temporary, files[fold])
    } finally {
      await rm(temporary, { force: true })
    }
  }
  await writeNewFile(join(directory, 'SYNTHETIC.txt'), (file) => file.writeFile(notice))
  context.report({ done: authors, total: authors, unit: 'documents' })
  return { files }
}

interface City {
  name: string
  lat: number
  lon: number
  /** Share of all authors up to and with this city. */
  upTo: number
  /** Regional words with the weight that they have here, and the weights' sum. */
  regional: { word: string; upTo: number }[]
  regionalWeight: number
  /** Places that people here name: the city, its state, invented neighbourhoods. */
  places: string[]
}

/** How authors write, wherever they live. */
interface Style {
  wordsPerAuthor: number
  longest: number
  /** A tweet has at least so many words, and ends after each further one with this probability. */
  tweet: { least: number; end: number }
  openVocabulary: number
}

interface World {
  cities: City[]
  filler: string[]
}

const functionWords =
  'the i to a and you my me it is in of that on for so this be just with do at up all like im out not have get no but now go if was your when we they what are can u he her she about lol one know got from will good time how day love want'.split(
    ' ',
  )

async function makeWorld(form: 'us' | 'world', seed: number): Promise<World> {
  const gazetteer = await loadGazetteer(100_000)
  const random = seededRandom(seed, 20)
  const chosen = largestCities(gazetteer, form)
  const regional = form === 'us' ? regionalWords : []
  const invented = inventWords(random, 6000)
  // Some invented words have a home too, a narrow one: what is known of no dictionary.
  const atHome = Array.from({ length: form === 'us' ? 160 : 1200 }, (_, i) => {
    const city = chosen[random.below(chosen.length)]!
    return {
      word: invented[4000 + (i % 2000)]!,
      lat: gazetteer.lat[city]! + random.normal(),
      lon: gazetteer.lon[city]! + random.normal(),
      reachKm: 60 + random.below(240),
    }
  })
  const total = chosen.reduce((sum, city) => sum + gazetteer.population[city]!, 0)
  let upTo = 0
  const cities = chosen.map((city): City => {
    upTo += gazetteer.population[city]! / total
    const [lat, lon, name] = [gazetteer.lat[city]!, gazetteer.lon[city]!, gazetteer.names[city]!]
    let weight = 0
    const words = [...regional, ...atHome].flatMap(({ word, lat: homeLat, lon: homeLon, reachKm }) => {
      const share = 0.5 ** ((haversineKm(lat, lon, homeLat, homeLon) / reachKm) ** 2)
      if (share < 0.02) return []
      weight += share
      return [{ word, upTo: weight }]
    })
    const neighbourhoods = Array.from(
      { length: 4 },
      () => `${invented[random.below(3000)]!}${['town', 'side', 'hill', 'park'][random.below(4)]!}`,
    )
    const state = gazetteer.divisions[city]!.toLowerCase()
    return {
      name,
      lat,
      lon,
      upTo,
      regional: words,
      regionalWeight: weight,
      places: [name.toLowerCase(), name.toLowerCase(), ...(form === 'us' ? [state] : []), ...neighbourhoods],
    }
  })
  return { cities, filler: [...functionWords, ...invented.slice(0, 4000)] }
}

/** The most populous cities; the contiguous USA is told by its states. */
function largestCities(gazetteer: Gazetteer, form: 'us' | 'world'): number[] {
  const { population, id, countries, divisions, names } = gazetteer
  const wanted = Array.from(id.keys()).filter(
    (city) => form === 'world' || (countries[city] === 'US' && !['AK', 'HI'].includes(divisions[city]!)),
  )
  return wanted
    .filter((city) => !/Borough|^(Brooklyn|Queens|Manhattan|The Bronx|Staten Island)$/.test(names[city]!))
    .sort((a, b) => population[b]! - population[a]! || id[a]! - id[b]!)
    .slice(0, cityCount[form])
}

/** Zipf's law with exponent 1 over `count` ranks, by the inverse of its continuous form. */
const zipf = (random: Random, count: number) =>
  Math.min(count - 1, Math.floor(Math.exp(random.next() * Math.log(count + 1))) - 1)

const openWords = 40_000_000

const emoji = ['😂', '😭', '❤️', '🔥', '🙏', '😍', '💯', '🎉']

function writeAuthor(
  { cities, filler }: World,
  author: number,
  random: Random,
  { wordsPerAuthor, longest, tweet, openVocabulary }: Style,
): string {
  const cityOf = (share: number) =>
    cities[
      Math.max(
        0,
        cities.findIndex(({ upTo }) => upTo >= share),
      )
    ]!
  const home = cityOf(random.next())
  // Movers speak as where they come from; some people write nothing that tells.
  const speech = random.next() < 0.08 ? cityOf(random.next()) : home
  const regionalRate = random.next() < 0.1 ? 0 : 0.03 + 0.09 * random.next()
  const placeRate = random.next() < 0.4 ? 0 : 0.02 * random.next()
  const rural = random.next() < 0.15
  const spread = rural ? 0.9 : 0.13
  const lat = Math.max(-89, Math.min(89, home.lat + spread * random.normal()))
  const lon = home.lon + (spread * random.normal()) / Math.cos((lat * Math.PI) / 180)
  // Lengths are log-normal: a few write much.
  const length = Math.max(6, Math.min(longest, Math.round((wordsPerAuthor / 1.2) * Math.exp(0.6 * random.normal()))))
  const tweets: string[] = []
  let words: string[] = []
  for (let i = 0; i < length; i++) {
    words.push(nextWord())
    if (words.length >= tweet.least && random.next() < tweet.end) {
      tweets.push(words.join(' '))
      words = []
    }
  }
  if (words.length > 0) tweets.push(words.join(' '))
  return `user_${author.toString(36).padStart(6, '0')}\t${lat.toFixed(5)}\t${(((lon + 540) % 360) - 180).toFixed(5)}\t${tweets.join(' ||| ')}\n`

  function nextWord(): string {
    const kind = random.next()
    if (kind < regionalRate && speech.regional.length > 0) {
      const target = random.next() * speech.regionalWeight
      return speech.regional.find(({ upTo }) => upTo >= target)!.word
    }
    if (kind < regionalRate + placeRate) return home.places[random.below(home.places.length)]!
    if (openVocabulary > 0 && random.next() < openVocabulary) return spellWord(zipf(random, openWords))
    const other = random.next()
    if (other < 0.02) return `@${filler[60 + zipf(random, 900)]!}${random.below(100)}`
    if (other < 0.03) return `#${filler[60 + zipf(random, 900)]!}`
    if (other < 0.036) return `http://t.co/${random.below(1e9).toString(36)}`
    if (other < 0.05) return String(random.below(2000))
    if (other < 0.06) return emoji[random.below(emoji.length)]!
    const word = filler[zipf(random, filler.length)]!
    return random.next() < 0.03 ? word.toUpperCase() : word
  }
}
