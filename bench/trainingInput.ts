import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { corpusSettings, preprocessSettings, skipGramSettings } from '#protocol/experiment.ts'
import { attentionCnnSettings, type AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import { quietContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { generateSample } from '#engine/corpus/sample/generateSample.ts'
import { loadEncodedDocuments } from '#engine/corpus/vocabulary/vocabulary.ts'
import { loadVectors } from '#engine/embeddings/vectors.ts'
import { readNpy, writeNpy } from '#engine/files/npy.ts'
import { centresOf } from '#engine/labels/labelCentres.ts'
import { loadDocumentLabels, loadLabelSet } from '#engine/labels/labelSetFiles.ts'
import { fitCoordinateScale, toUnitSquare } from '#engine/models/learning/coordinateScale.ts'
import { listParameters, startParameters, type Parameter } from '#engine/models/attentionCnn/parameters.ts'
import type { TrainingInput } from '#engine/models/attentionCnn/trainNetwork.ts'
import { scaleVectors } from '#engine/models/attentionCnn/wordVectors.ts'
import { seededRandom } from '#engine/random.ts'
import { pointsAt, rowsOfFold } from '#engine/corpus/corpusFolds.ts'
import { embeddingStage } from '#engine/runs/stages/embeddingStage.ts'
import { importStage } from '#engine/runs/stages/importStage.ts'
import { labelsStage } from '#engine/runs/stages/labelsStage.ts'
import { vocabularyStage } from '#engine/runs/stages/vocabularyStage.ts'

/** The multi-task network of the paper, its word vectors frozen: what both sides train. */
export const networkSettings = (changes: Partial<AttentionCnnSettings> = {}): AttentionCnnSettings =>
  attentionCnnSettings.parse({
    method: 'attention-cnn',
    tasks: ['labels', 'coordinates'],
    fineTune: false,
    averaging: 0,
    learningRate: 1e-3,
    ...changes,
  })

export interface CorpusPlan {
  form: 'us' | 'world'
  authors: number
  /** Words to which the peer pads every document, as in the paper. */
  maxWords: number
}

/**
 * Makes a sample corpus and everything that training reads, by the engine's own stages, and lays it out for the peer:
 * tokens, offsets, labels, coordinates in the unit square, rows of the folds, word vectors, the network's start.
 */
export async function makeTrainingInput(directory: string, { form, authors, maxWords }: CorpusPlan): Promise<void> {
  const place = (name: string) => join(directory, name)
  for (const name of ['sample', 'corpus', 'vocabulary', 'labels', 'embedding', 'peer'])
    await mkdir(place(name), { recursive: true })
  const { files } = await generateSample({ directory: place('sample'), authors, seed: 1, form }, quietContext)
  const corpus = corpusSettings.parse({ train: files.train, dev: files.dev, test: files.test })
  await importStage(corpus, place('corpus'), quietContext)
  await vocabularyStage(place('corpus'), preprocessSettings.parse({ maxWords }), place('vocabulary'), quietContext)
  await labelsStage(
    place('corpus'),
    'p2c',
    { method: 'point2city', radiusKm: 11, minPopulation: 15_000, merge: 'nearest' },
    place('labels'),
    quietContext,
  )
  const embeddings = skipGramSettings.parse({ method: 'skip-gram', epochs: 20 })
  await embeddingStage(
    { corpusDirectory: place('corpus'), vocabularyDirectory: place('vocabulary'), checkpoint: place('checkpoint') },
    embeddings,
    place('embedding'),
    quietContext,
  )
  await layOutForPeer(directory, await loadTrainingInput(directory))
}

/** What `trainNetwork` reads, and the test fold. */
export async function loadTrainingInput(directory: string): Promise<TrainingInput & { test: Int32Array }> {
  const place = (name: string) => join(directory, name)
  const corpus = await openCorpus(place('corpus'))
  const [train, dev, test] = (['train', 'dev', 'test'] as const).map((fold) => rowsOfFold(corpus, fold))
  corpus.close()
  const { labels } = await loadLabelSet(place('labels'))
  const documents = await loadEncodedDocuments(place('vocabulary'), corpus.count)
  return {
    documents,
    train: train!,
    dev: dev!,
    test: test!,
    points: corpus.points,
    labels: {
      of: await loadDocumentLabels(place('labels'), corpus.count, labels.length),
      centres: centresOf(labels),
    },
    vectors: scaleVectors(await loadVectors(place('embedding'), documents.words)),
  }
}

async function layOutForPeer(directory: string, input: TrainingInput & { test: Int32Array }): Promise<void> {
  const { documents, train, dev, test, points, vectors } = input
  const { of: labels, centres } = input.labels!
  const peer = join(directory, 'peer')
  const scale = fitCoordinateScale(pointsAt({ points }, train), networkSettings().coordinates)
  await writeNpy(join(peer, 'tokens.npy'), documents.ids)
  await writeNpy(join(peer, 'offsets.npy'), documents.offsets)
  await writeNpy(join(peer, 'labels.npy'), labels)
  await writeNpy(join(peer, 'coordinates.npy'), toUnitSquare(scale, points), [labels.length, 2])
  await writeNpy(join(peer, 'train.npy'), train)
  await writeNpy(join(peer, 'dev.npy'), dev)
  await writeNpy(join(peer, 'test.npy'), test)
  await writeNpy(join(peer, 'vectors.npy'), vectors.values, [vectors.rows, vectors.columns])
  await writeStart(peer, { dimensions: vectors.columns, labelCount: centres.lat.length })
}

/** The network's parameters before training, by name, for the peer to start from the same ones. */
export async function writeStart(
  directory: string,
  size: { dimensions: number; labelCount: number },
  values?: Float32Array,
): Promise<void> {
  const parameters = listParameters(networkSettings(), size)
  await writeNpy(join(directory, 'start.npy'), values ?? startParameters(parameters, seededRandom(1, 1)))
  await writeFile(join(directory, 'parameters.json'), JSON.stringify(parameters))
}

export async function readStart(directory: string): Promise<{ start: Float32Array; labelCount: number }> {
  const parameters = JSON.parse(await readFile(join(directory, 'parameters.json'), 'utf8')) as Parameter[]
  return {
    start: (await readNpy(join(directory, 'start.npy'))).values as Float32Array,
    labelCount: parameters.find(({ name }) => name === 'labels/bias')!.shape[0]!,
  }
}
