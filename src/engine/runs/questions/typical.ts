import type { QuestionOf, TypicalAnswer, TypicalWord } from '#protocol/explorer.ts'
import { EngineError } from '#protocol/errors.ts'
import type { StageContext } from '#engine/context.ts'
import { rowsOfFold } from '#engine/corpus/corpusFolds.ts'
import { areasOfBoundaries, areasOfLabels, type CountingAreas } from '#engine/explorer/areas/countingAreas.ts'
import { siteOfInformants } from '#engine/explorer/counting/countVariants.ts'
import { conditionText, documentFilter } from '#engine/explorer/counting/documentFilter.ts'
import { wantedWords, wordKinds } from '#engine/explorer/ranking/wordKinds.ts'
import { typicalWords } from '#engine/explorer/typical/typicalWords.ts'
import { WordEffects } from '#engine/explorer/typical/wordEffects.ts'
import { readBoundaries } from '#engine/geo/boundaries/readBoundaries.ts'
import { loadLabelSet } from '#engine/labels/labelSetFiles.ts'
import { pause } from '#engine/pause.ts'
import { seededRandom } from '#engine/random.ts'
import { fileHash } from '../contentId.ts'
import type { AskedAreas, AskedCorpus, AskedProject, QuestionMethod } from './question.ts'

type Typical = QuestionOf<'typical'>
type Ring = Extract<Typical['select'], { kind: 'shape' }>['ring']

/** Test documents that a run is asked about: enough for the words that are not rare. */
const mostExplained = 400

/** What makes a selection sound like itself, and what a run learnt of it. */
export const typical: QuestionMethod<'typical'> = {
  version: 2,
  areas: selectedAreas,

  async answer(question, asked, context): Promise<TypicalAnswer> {
    const { tokens } = asked
    const kindOf = await wordKinds(tokens.tokenisation)
    const isWanted = wantedWords(kindOf, question.include)
    const { side, selected, label, shape } = await sidesOf(question, asked)
    requireBothSides(side, selected)
    const { minInformants, top, run, seed } = question
    const { informants, words } = await typicalWords(tokens, { side, minInformants, isWanted }, context)
    const effects = run === undefined ? null : await effectsOf(run, label, asked, seed, context)
    const told = words.map((word): TypicalWord => {
      const { effect = null, interval = null, documents = null } = effects?.words.of(word.word, seed) ?? {}
      return { ...word, kind: kindOf(word.word) as TypicalWord['kind'], effect, interval, documents }
    })
    const listed =
      effects === null
        ? told.filter(({ z }) => z > 0)
        : told
            .filter(({ interval }) => interval !== null)
            .sort((a, b) => b.interval![0] - a.interval![0] || (a.word < b.word ? -1 : 1))
    return {
      selected,
      shape,
      informants,
      explained: effects && effects.explained,
      words: top > 0 ? listed.slice(0, top) : listed,
    }
  },
}

async function selectedAreas({ select, run }: Typical, project: AskedProject): Promise<AskedAreas> {
  if (select.kind === 'where') {
    if (run !== undefined) throw needsLabel()
    return { id: null, areasOf: () => Promise.reject(new Error('Conditions have no areas.')) }
  }
  if (select.kind === 'label') {
    const { id, directory } = await project.labelSet(select.labels, select.experiment)
    if (run !== undefined) await requireLabelsOf(run, id, select.labels, project)
    return { id, areasOf: async (places) => areasOfLabels(await loadLabelSet(directory), places) }
  }
  if (run !== undefined) throw needsLabel()
  if (select.kind === 'shape') return { id: null, areasOf: () => Promise.resolve(drawnArea(select.ring)) }
  const boundaries = await readBoundaries(select.file)
  return { id: await fileHash(select.file), areasOf: () => Promise.resolve(areasOfBoundaries(boundaries)) }
}

/** A shape that was drawn or written down, as the one area of a map; its outline may be open. */
function drawnArea(ring: Ring): CountingAreas {
  const [first, last] = [ring[0]!, ring.at(-1)!]
  const closed = first[0] === last[0] && first[1] === last[1] ? ring : [...ring, first]
  return areasOfBoundaries({ areas: [{ id: 'drawn', name: null, properties: {}, polygons: [[closed]] }] })
}

/** Without the minus of a nothing. */
const oneDecimal = (value: number) => (Math.round(value * 10) / 10 + 0).toFixed(1)

/** Where a shape lies: `the shape from 46.0 to 50.0 latitude, 0.0 to 8.0 longitude`. */
function shapeText(ring: Ring): string {
  const range = (axis: 0 | 1) => {
    const degrees = ring.map((corner) => corner[axis])
    return [Math.min(...degrees), Math.max(...degrees)].map(oneDecimal).join(' to ')
  }
  return `the shape from ${range(1)} latitude, ${range(0)} longitude`
}

const needsLabel = () =>
  new EngineError(
    'explorer/needs-label',
    'What a run learnt is told of one of its labels. Name it: --label SCHEME:NUMBER --run ID.',
  )

async function requireLabelsOf(run: string, labels: string, name: string, { store }: AskedProject): Promise<void> {
  const { recipe } = await store.manifest('run', run)
  if ((recipe as { labels?: string }).labels === labels) return
  throw new EngineError(
    'explorer/other-labels',
    `Run ${run} has not learnt the labels "${name}" of this experiment. Name the scheme that the run was trained on.`,
  )
}

/** Documents by side, the selection in words, and its label where it is one. */
async function sidesOf({ where, select }: Typical, { corpus, tokens, areas }: AskedCorpus) {
  const counted = await documentFilter(corpus, tokens, where)
  const side = new Uint8Array(tokens.rows.length)
  let [selected, label] = ['', -1]
  let shape: TypicalAnswer['shape'] = null
  if (select.kind === 'where') {
    side.set((await documentFilter(corpus, tokens, select.where))!)
    selected = select.where.map(conditionText).join(', ')
  } else {
    const found = await areas!.areasOf(tokens.places)
    if (select.kind === 'label') label = labelOf(select.label, found.ids, found.names, select.labels)
    selected =
      select.kind === 'label'
        ? `${select.labels} ${label} (${found.names[label]})`
        : select.kind === 'shape'
          ? shapeText(select.ring)
          : `areas of ${select.file}`
    const ofSite = found.assign(tokens.places)
    const siteOf = siteOfInformants(tokens)
    const inside = new Set<number>()
    for (let informant = 0; informant + 1 < tokens.documentsOf.length; informant++) {
      const area = ofSite[siteOf[informant]!]!
      if (select.kind === 'label' ? area !== label : area < 0) continue
      inside.add(area)
      side.fill(1, tokens.documentsOf[informant], tokens.documentsOf[informant + 1])
    }
    shape = { type: 'MultiPolygon', coordinates: [...inside].sort((a, b) => a - b).flatMap((a) => found.polygons[a]!) }
  }
  if (counted) side.forEach((_, document) => (counted[document] ? undefined : (side[document] = 2)))
  return { side, selected, label, shape }
}

/** A label by its number or its name. */
function labelOf(wanted: string, ids: string[], names: (string | null)[], scheme: string): number {
  const number = ids.indexOf(wanted)
  const named = names.flatMap((name, i) => (name === wanted ? [i] : []))
  if (number >= 0) return number
  if (named.length === 1) return named[0]!
  throw new EngineError(
    'explorer/no-label',
    named.length > 1
      ? `"${wanted}" is the name of the labels ${named.join(', ')} of ${scheme}. Say which one by its number.`
      : `${scheme} has no label "${wanted}"; it has the numbers 0 to ${ids.length - 1}, such as 0 (${names[0]}).`,
  )
}

function requireBothSides(side: Uint8Array, selected: string): void {
  for (const [value, what] of [
    [1, 'No document lies in'],
    [0, 'All documents lie in'],
  ] as const)
    if (!side.includes(value))
      throw new EngineError(
        'explorer/one-side',
        `${what} the selection (${selected}): there is nothing to compare with. Select others.`,
      )
}

/** A run's explanations of test documents, drawn by the seed, for one label. */
async function effectsOf(run: string, label: number, asked: AskedCorpus, seed: number, context: StageContext) {
  const { corpus, tokens, project } = asked
  const predictor = await project.predictor(run)
  const rows = Array.from(rowsOfFold(corpus, 'test'))
  seededRandom(seed, 59).shuffle(rows)
  const chosen = Int32Array.from(rows.slice(0, mostExplained)).sort()
  const informantOf = informantsByRow(asked)
  const words = new WordEffects(tokens.tokenisation)
  const documents = await corpus.documentsAt(chosen)
  for (const [done, { row, text }] of documents.entries()) {
    context.report({ done, total: documents.length, unit: 'documents', title: 'Ask the model' })
    words.add(text, informantOf.get(row) ?? -1 - row, await predictor.explain(text, label, context.signal))
    await pause(context)
  }
  return { explained: documents.length, words }
}

function informantsByRow({ tokens: { rows, documentsOf } }: AskedCorpus): Map<number, number> {
  const informants = new Map<number, number>()
  for (let informant = 0; informant + 1 < documentsOf.length; informant++)
    for (let document = documentsOf[informant]!; document < documentsOf[informant + 1]!; document++)
      informants.set(rows[document]!, informant)
  return informants
}
