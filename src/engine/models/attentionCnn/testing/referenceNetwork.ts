import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import { sizeOf, type Parameter } from '../parameters.ts'

/** A document as the reference reads it: no batch, no padding. */
export interface ReferenceDocument {
  /** Vector of each word; a dropped word's is zero. */
  words: number[][]
  /** What each feature is multiplied by before the heads. */
  featureKeep: number[]
  /** Distribution that it is trained towards. */
  labels: number[]
  /** In the unit square. */
  coordinates: [number, number]
}

type Values = (name: string, ...index: number[]) => number

/** Reads one value of a parameter out of the flat vector. */
export function valuesOf(parameters: Parameter[], flat: ArrayLike<number>): Values {
  const places = new Map<string, { offset: number; shape: number[] }>()
  let offset = 0
  for (const { name, shape } of parameters) {
    places.set(name, { offset, shape })
    offset += sizeOf(shape)
  }
  return (name, ...index) => {
    const place = places.get(name)!
    return flat[place.offset + index.reduce((at, i, axis) => at * place.shape[axis]! + i, 0)]!
  }
}

/** One convolution with its relu and pool: window, outputs, pool, and weight(place, input, output). */
interface Layer {
  window: number
  filters: number
  pool: number
  weight: (place: number, input: number, output: number) => number
  bias: (output: number) => number
}

function convolve(x: number[][], { window, filters, pool, weight, bias }: Layer): number[][] {
  const left = Math.floor((window - 1) / 2)
  const activated = x.map((_, t) =>
    range(filters).map((f) => {
      let sum = bias(f)
      for (let k = 0; k < window; k++) x[t + k - left]?.forEach((value, d) => (sum += value * weight(k, d, f)))
      return Math.max(0, sum)
    }),
  )
  return range(Math.ceil(x.length / pool)).map((p) =>
    range(filters).map((f) => Math.max(...activated.slice(p * pool, (p + 1) * pool).map((row) => row[f]!))),
  )
}

/**
 * The network of one document in float64, loop by loop as the paper has it (Fornaciari & Hovy 2019, section 3): what the
 * fast one is held against.
 * @returns log-probabilities, coordinates and the weight of each pooled position
 */
export function referenceForward(
  settings: AttentionCnnSettings,
  value: Values,
  labelCount: number,
  document: ReferenceDocument,
) {
  const [first, second] = settings.filters
  const channels = settings.windows.map((window, channel) => {
    const name = (part: string) => `channel${channel}/${part}`
    const lower = convolve(document.words, {
      window,
      filters: first,
      pool: settings.pools[0],
      weight: (place, input, output) => value(name('kernel1'), input, place * first + output),
      bias: (output) => value(name('bias1'), output),
    })
    return convolve(lower, {
      window,
      filters: second,
      pool: settings.pools[1],
      weight: (place, input, output) => value(name('kernel2'), place * first + input, output),
      bias: (output) => value(name('bias2'), output),
    })
  })
  const positions = (channels[0] ?? []).map((_, t) => channels.flatMap((channel) => channel[t]!))
  const width = second * settings.windows.length
  const weights = weightsOf(settings, value, positions)
  const pooled = range(width).map((i) =>
    settings.attention === 'none' && settings.pooling === 'max'
      ? Math.max(...positions.map((row) => row[i]!))
      : positions.reduce((sum, row, t) => sum + weights[t]! * row[i]!, 0),
  )
  const kept = document.words.filter((word) => word.some((x) => x !== 0))
  const sums =
    typeof settings.characters === 'object'
      ? range(document.words[0]!.length).map(
          (d) => kept.reduce((sum, word) => sum + word[d]!, 0) / Math.sqrt(kept.length),
        )
      : []
  const features = [...pooled, ...sums].map((feature, i) => feature * document.featureKeep[i]!)
  const head = (name: string, size: number) =>
    range(size).map((o) =>
      features.reduce((sum, feature, i) => sum + feature * value(`${name}/weight`, i, o), value(`${name}/bias`, o)),
    )
  const logits = head('labels', labelCount)
  const logSum = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0))
  return {
    logProbabilities: logits.map((logit) => logit - logSum),
    coordinates: head('coordinates', 2).map((x) => 1 / (1 + Math.exp(-x))),
    weights,
  }
}

function weightsOf(settings: AttentionCnnSettings, value: Values, positions: number[][]): number[] {
  if (settings.attention === 'none') return positions.map(() => 1 / positions.length)
  const scores = positions.map((row) =>
    range(settings.attentionUnits).reduce((score, a) => {
      const u = Math.tanh(
        row.reduce((sum, h, i) => sum + h * value('attention/weight', i, a), value('attention/bias', a)),
      )
      return score + u * value('attention/context', a, 0)
    }, 0),
  )
  const sum = scores.reduce((total, score) => total + Math.exp(score), 0)
  return scores.map((score) => Math.exp(score) / sum)
}

/** Mean losses over documents: cross-entropy, and distance over sqrt 2. */
export function referenceLosses(
  settings: AttentionCnnSettings,
  value: Values,
  labelCount: number,
  documents: ReferenceDocument[],
) {
  const outputs = documents.map((document) => referenceForward(settings, value, labelCount, document))
  const mean = (of: (output: (typeof outputs)[number], document: ReferenceDocument) => number) =>
    outputs.reduce((sum, output, i) => sum + of(output, documents[i]!), 0) / documents.length
  return {
    labels: mean(
      ({ logProbabilities }, { labels }) =>
        -labels.reduce((sum, share, label) => sum + share * logProbabilities[label]!, 0),
    ),
    coordinates: mean(
      ({ coordinates }, document) =>
        Math.hypot(coordinates[0]! - document.coordinates[0], coordinates[1]! - document.coordinates[1]) / Math.SQRT2,
    ),
  }
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i)
