import { tokenise } from '#engine/corpus/text/tokenise.ts'
import type { PreprocessSettings } from '#protocol/experiment.ts'
import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, TensorFlow } from '#engine/compute/types.ts'
import type { CoordinateScale } from '#engine/models/learning/coordinateScale.ts'
import type { PortableDecision } from '#engine/models/learning/portableDecision.ts'
import { characterNgrams } from './characterNgrams.ts'

/** Exported networks carry this module, with all that it imports in one file: nothing of it may need Node. */

interface Model {
  weightsManifest: { weights: { name: string; shape: number[]; dtype: 'float32' }[] }[]
  userDefinedMetadata: {
    settings: AttentionCnnSettings
    scale: CoordinateScale | null
    labels: { name: string; lat: number; lon: number }[]
    decision: PortableDecision | null
    preprocess: PreprocessSettings
    tokenisation: 'text' | 'answers'
    stopWords: string[]
    placeNames: string[]
    longestPlaceName: number
  }
}

const never = -1e9

/**
 * Opens a network with any TensorFlow.js: `openModel(tf, model, weights, vocabulary).predict('a text')`.
 * @param model the JSON of model.json, and `vocabulary` that of vocabulary.json
 * @param weights the bytes of weights.bin
 */
export function openModel(
  tf: TensorFlow,
  { weightsManifest, userDefinedMetadata: told }: Model,
  weights: ArrayBuffer,
  { words, rareWords }: { words: string[]; rareWords: [string, number][] },
) {
  const { settings, scale, labels, decision, preprocess } = told
  const w = tf.io.decodeWeights(weights, weightsManifest[0]!.weights) as Record<string, Tensor>
  const { characters } = settings
  const spells = typeof characters === 'object'
  const idOf = new Map([...(spells ? [] : rareWords), ...words.map((word, id): [string, number] => [word, id])])
  const read = (text: string) =>
    tokenise(text, preprocess, {
      tokenisation: told.tokenisation,
      stopWords: new Set(told.stopWords),
      placeNames: { names: new Set(told.placeNames), longest: told.longestPlaceName },
    }).tokens.filter((token) => spells || idOf.has(token))

  /** [L, D]: the row of each word, and those of its n-grams over the square root of their number. */
  function vectorsOf(tokens: string[]): Tensor2D {
    const rowsOf = (rows: number[]) => tf.gather(w['words/vectors']!, tf.tensor1d(rows, 'int32')) as Tensor2D
    if (!spells) return rowsOf(tokens.map((token) => idOf.get(token)!))
    const sums = tokens.map((token) => {
      const ngrams = characterNgrams(token, characters).map((bucket) => words.length + bucket)
      const [own, row] = [idOf.get(token), tf.zeros([w['words/vectors']!.shape[1]!])]
      const withOwn = own === undefined ? row : rowsOf([own]).flatten()
      return ngrams.length === 0
        ? withOwn
        : tf.add(withOwn, tf.div(tf.sum(rowsOf(ngrams), 0), Math.sqrt(ngrams.length)))
    })
    return tf.stack(sums) as Tensor2D
  }

  /** The greatest of each `size` positions; the last of them may be fewer. */
  function pool(x: Tensor2D, size: number) {
    const groups = Math.ceil(x.shape[0] / size)
    const whole = tf.pad2d(x, [[0, groups * size - x.shape[0]], [0, 0]], never) // prettier-ignore
    return tf.max(whole.reshape([groups, size, x.shape[1]]), 1)
  }
  const convolved = (x: Tensor2D, kernel: Tensor, bias: Tensor, size: number) =>
    tf.relu(tf.add(pool(tf.conv1d(x, kernel as Tensor3D, 1, 'same'), size), bias)) as Tensor2D

  function featuresOf(tokens: string[]): Tensor2D {
    if (tokens.length === 0) return tf.zeros([1, w['labels/weight']!.shape[0]!])
    const x = vectorsOf(tokens)
    const [first, second] = settings.filters
    const channels = settings.windows.map((window, c) => {
      const kernel1 = w[`channel${c}/kernel1`]!.reshape([-1, window, first]).transpose([1, 0, 2])
      const kernel2 = w[`channel${c}/kernel2`]!.reshape([window, first, second])
      const lower = convolved(x, kernel1, w[`channel${c}/bias1`]!, settings.pools[0])
      return convolved(lower, kernel2, w[`channel${c}/bias2`]!, settings.pools[1])
    })
    const h = tf.concat2d(channels, 1)
    const sum = spells ? [tf.div(tf.sum(x, 0, true), Math.sqrt(tokens.length)) as Tensor2D] : []
    return tf.concat2d([summaryOf(h), ...sum], 1)
  }
  function summaryOf(h: Tensor2D): Tensor2D {
    if (settings.attention === 'none')
      return (settings.pooling === 'max' ? tf.max(h, 0, true) : tf.mean(h, 0, true)) as Tensor2D
    const u = tf.tanh(tf.add(tf.matMul(h, w['attention/weight'] as Tensor2D), w['attention/bias']!)) as Tensor2D
    const attention = tf.softmax(tf.matMul(u, w['attention/context'] as Tensor2D).flatten())
    return tf.matMul(attention.expandDims(0) as Tensor2D, h)
  }
  const head = (features: Tensor2D, name: string) =>
    tf.add(tf.matMul(features, w[`${name}/weight`] as Tensor2D), w[`${name}/bias`]!).flatten()

  function placeOf(logits: Tensor1D): number {
    if (!decision) return tf.argMax(logits).dataSync()[0]!
    const prior = tf.log(tf.tensor1d(decision.prior))
    const likely = tf.softmax(tf.add(prior, tf.mul(decision.sharpen, tf.sub(tf.logSoftmax(logits), prior))))
    return tf
      .argMin(tf.matMul(w['decision/losses'] as Tensor2D, likely.expandDims(1) as Tensor2D).flatten())
      .dataSync()[0]!
  }
  function coordinatesOf(features: Tensor2D) {
    if (!scale) return null
    const [lat, lon] = tf.sigmoid(head(features, 'coordinates')).dataSync() as Float32Array
    const degrees = lon! * scale.lonSpan + scale.lonOffset
    return {
      lat: Math.max(-90, Math.min(90, lat! * scale.latSpan + scale.latOffset)),
      lon: degrees - 360 * Math.round(degrees / 360),
    }
  }

  function predict(text: string) {
    tf.engine().startScope()
    try {
      const features = featuresOf(read(text).slice(0, preprocess.maxWords))
      const logits = head(features, 'labels')
      const place = placeOf(logits)
      const label = decision && !decision.areLabels ? tf.argMax(logits).dataSync()[0]! : place
      return {
        label,
        name: labels[label]!.name,
        lat: decision ? decision.candidates.lat[place]! : labels[place]!.lat,
        lon: decision ? decision.candidates.lon[place]! : labels[place]!.lon,
        logProbabilities: Array.from(tf.logSoftmax(logits).dataSync()),
        coordinates: coordinatesOf(features),
      }
    } finally {
      tf.engine().endScope()
    }
  }
  return { predict }
}
