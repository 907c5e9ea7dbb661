import { loadRandom, randomBelow, randomBits, storeRandom } from './random'
import { slotOf, slots, targetCount, trainWindow } from './window'

/**
 * Skip-gram over one memory that all workers share; `layout` in skipGramMemory.ts says what lies where. Each worker is an
 * instance of this module with a block of its own, and takes chunks of documents until they or its time are over.
 */

let input: usize = 0
let output: usize = 0
let rowBytes: usize = 0
let strideBytes: usize = 0
let keep: usize = 0
let threshold: usize = 0
let alias: usize = 0
let vocabularySize: u32 = 0
let window: u32 = 0
let groups: i32 = 0
let negatives: i32 = 0

/** Every this many windows of a chunk one counts for the reported loss. */
const lossEvery: u32 = 64
let windows: u32 = 0

/** A negative by its frequency to the power 0.75: alias tables (Walker 1977) need one look instead of a search. */
// @ts-ignore: decorator
@inline
function drawNegative(): u32 {
  const word = randomBelow(vocabularySize)
  return randomBits() < load<u32>(threshold + (<usize>word << 2)) ? word : load<u32>(alias + (<usize>word << 2))
}

// @ts-ignore: decorator
@inline
function inputRow(word: u32): u32 {
  return <u32>(input + <usize>word * strideBytes)
}

// @ts-ignore: decorator
@inline
function outputRow(word: u32): u32 {
  return <u32>(output + <usize>word * strideBytes)
}

/** Loss of the context rows by their scores: -ln sigmoid of the centre's, -ln (1 - sigmoid) of the negatives' as often as drawn. */
function lossOf(scores: usize, count: i32, rates: usize, rate: f32): f64 {
  let loss: f64 = 0
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < targetCount; j++) {
      const times = <f64>(load<f32>(rates + slotOf(j)) / rate)
      const score = <f64>load<f32>(scores + ((<usize>(i * slots)) << 2) + slotOf(j))
      const towards = j == 0 ? -score : score
      loss += times * (Math.max(towards, 0) + Math.log1p(Math.exp(-Math.abs(towards))))
    }
  }
  return loss
}

/**
 * Trains on chunks until there are none or the stop flag is up.
 * @param settings address of the run's settings, in the order read below
 * @param worker address of the worker's block: state of its generator (4 x u32), an idle row, room for a document
 * @param losses address of two f64 an epoch: loss and pairs counted
 */
export function work(settings: usize, worker: usize, losses: usize): void {
  input = load<u32>(settings)
  output = load<u32>(settings, 4)
  rowBytes = load<u32>(settings, 8)
  strideBytes = load<u32>(settings, 12)
  keep = load<u32>(settings, 16)
  threshold = load<u32>(settings, 20)
  alias = load<u32>(settings, 24)
  vocabularySize = load<u32>(settings, 28)
  window = load<u32>(settings, 32)
  negatives = load<i32>(settings, 36)
  const ids: usize = load<u32>(settings, 40)
  const offsets: usize = load<u32>(settings, 44)
  const chunks: usize = load<u32>(settings, 48)
  const chunkCount = load<u32>(settings, 52)
  const epochs = load<u32>(settings, 56)
  const firstRate = load<f32>(settings, 60)
  const lastRate = load<f32>(settings, 64)
  const nextChunk: usize = load<u32>(settings, 68)
  const stop: usize = load<u32>(settings, 72)
  const kept: usize = load<u32>(worker, 16)
  const done: usize = load<u32>(worker, 20)
  groups = (negatives + targetCount - 2) / (targetCount - 1)

  loadRandom(worker)
  const documents = load<u32>(chunks + (<usize>chunkCount << 2))
  const corpusWords = load<u32>(offsets + (<usize>documents << 2))
  const total = <f64>corpusWords * <f64>epochs
  while (atomic.load<u32>(stop) == 0) {
    const chunk = atomic.add<u32>(nextChunk, 1)
    if (chunk >= chunkCount * epochs) break
    const epoch = chunk / chunkCount
    const place = chunks + (<usize>(chunk % chunkCount) << 2)
    const last = load<u32>(place, 4)
    windows = 0
    for (let document = load<u32>(place); document < last; document++) {
      const start = load<u32>(offsets + (<usize>document << 2))
      const end = load<u32>(offsets + (<usize>document << 2), 4)
      const share = (<f64>corpusWords * <f64>epoch + <f64>start) / total
      const rate = max<f32>(lastRate, <f32>(<f64>firstRate * (1 - share)))
      const length = subsample(ids + (<usize>start << 2), ids + (<usize>end << 2), kept)
      trainDocument(kept, length, rate, worker, losses + (<usize>epoch << 4))
      store<u64>(done, load<u64>(done) + <u64>(end - start))
    }
  }
  storeRandom(worker)
}

/** Copies the words that word2vec's subsampling of frequent words leaves. */
function subsample(from: usize, to: usize, kept: usize): i32 {
  let length = 0
  for (let word = from; word < to; word += 4) {
    const id = load<u32>(word)
    if (randomBits() <= load<u32>(keep + (<usize>id << 2))) {
      store<u32>(kept + (<usize>length << 2), id)
      length++
    }
  }
  return length
}

function trainDocument(kept: usize, length: i32, rate: f32, worker: usize, losses: usize): void {
  const idleRow = <usize>load<u32>(worker, 24)
  const context = <usize>load<u32>(worker, 28)
  const targets = <usize>load<u32>(worker, 32)
  const rates = <usize>load<u32>(worker, 36)
  const errors = <usize>load<u32>(worker, 40)
  const scores = <usize>load<u32>(worker, 44)
  for (let centre = 0; centre < length; centre++) {
    const reach = <i32>randomBelow(window) + 1
    const from = max(0, centre - reach)
    const to = min(length, centre + reach + 1)
    let count = 0
    for (let i = from; i < to; i++) {
      if (i == centre) continue
      store<u32>(context + (<usize>count << 2), inputRow(load<u32>(kept + (<usize>i << 2))))
      count++
    }
    if (count == 0) continue
    const word = load<u32>(kept + (<usize>centre << 2))
    const counts = windows++ % lossEvery == 0
    // The word that the next window may be the first to see.
    const next = inputRow(load<u32>(kept + (<usize>min(length - 1, centre + <i32>window + 1) << 2)))
    let left = negatives
    for (let group = 0; group < groups; group++) {
      const take = min(left, targetCount - 1)
      left -= take
      // Only the first group holds the centre; in the others its place is idle.
      drawTargets(word, group == 0, take, targets, rates, rate, idleRow)
      trainWindow(context, count, next, targets, rates, rowBytes, errors, counts ? scores : 0)
      if (counts) store<f64>(losses, load<f64>(losses) + lossOf(scores, count, rates, rate))
    }
    if (counts) store<f64>(losses, load<f64>(losses, 8) + <f64>count, 8)
  }
}

/**
 * The centre's row and those of its negatives, with their rates. A negative that is the centre is left out; one that is
 * drawn twice stands once at twice the rate, since two copies of a row could not be updated side by side.
 */
function drawTargets(centre: u32, withCentre: bool, count: i32, targets: usize, rates: usize, rate: f32, idleRow: usize): void {
  const own = outputRow(centre)
  store<u32>(targets, withCentre ? own : <u32>idleRow)
  store<f32>(rates, withCentre ? rate : 0)
  for (let j = 1; j < targetCount; j++) {
    const place = slotOf(j)
    let row = j <= count ? outputRow(drawNegative()) : <u32>idleRow
    if (row == own) row = <u32>idleRow
    store<f32>(rates + place, row == <u32>idleRow ? 0 : rate)
    for (let i = 1; i < j; i++) {
      const earlier = slotOf(i)
      if (row == <u32>idleRow || load<u32>(targets + earlier) != row) continue
      store<f32>(rates + earlier, load<f32>(rates + earlier) + rate)
      store<f32>(rates + place, 0)
      row = <u32>idleRow
    }
    store<u32>(targets + place, row)
  }
}
