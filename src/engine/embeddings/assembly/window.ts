/**
 * One window of skip-gram with negative sampling, its negatives shared by all context words (Ji et al. 2016): n context
 * rows against six target rows, the centre and five negatives.
 *
 * Two context rows meet three targets at a time. V8 puts all loads of a loop's body before the arithmetic on them, so a
 * larger tile (two by six) has more values than the fifteen vector registers, and sums that wait for memory at every step.
 * It also moves arithmetic into a loop that alone uses it, however often that runs: errors go through memory.
 */

/** Target rows a window. */
export const targetCount: i32 = 6
/** What belongs to targets lies as [0 1 2 . 3 4 5 .]: two tiles of three, each a vector. */
export const slots: i32 = 8

/** Offset of a target's four bytes among those of eight slots. */
// @ts-ignore: decorator
@inline
export function slotOf(target: i32): usize {
  return <usize>(target < 3 ? target : target + 1) << 2
}

// @ts-ignore: decorator
@inline
function multiplyAdd(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, sum)
  return f32x4.add(f32x4.mul(x, y), sum)
}

/** The sums of three vectors' lanes, and 0. */
// @ts-ignore: decorator
@inline
function sumsOf(a: v128, b: v128, c: v128): v128 {
  const zero = f32x4.splat(0)
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7))
  const cd = f32x4.add(v128.shuffle<f32>(c, zero, 0, 1, 4, 5), v128.shuffle<f32>(c, zero, 2, 3, 6, 7))
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7))
}

/** 1 / (1 + e^-x), with x held in ±30; relative error below 1e-6 (Taylor of 2^f to the sixth power, |f| <= 1/2). */
// @ts-ignore: decorator
@inline
function sigmoid(x: v128): v128 {
  const held = f32x4.max(f32x4.min(x, f32x4.splat(30)), f32x4.splat(-30))
  const power = f32x4.mul(held, f32x4.splat(-1.4426950408889634))
  const whole = f32x4.nearest(power)
  const part = f32x4.sub(power, whole)
  let sum = f32x4.splat(1.5403530393381608e-4)
  sum = f32x4.add(f32x4.mul(sum, part), f32x4.splat(1.3333558146428443e-3))
  sum = f32x4.add(f32x4.mul(sum, part), f32x4.splat(9.6181291076284772e-3))
  sum = f32x4.add(f32x4.mul(sum, part), f32x4.splat(5.5504108664821580e-2))
  sum = f32x4.add(f32x4.mul(sum, part), f32x4.splat(2.4022650695910072e-1))
  sum = f32x4.add(f32x4.mul(sum, part), f32x4.splat(6.9314718055994531e-1))
  sum = f32x4.add(f32x4.mul(sum, part), f32x4.splat(1))
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(whole), i32x4.splat(127)), 23)
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), f32x4.mul(sum, scale)))
}

/** Dot products of two context rows with three targets, to dots[0..3) and dots[8..11). */
function dotsOfPair(x0: usize, x1: usize, targets: usize, rowBytes: usize, dots: usize): void {
  const y0 = load<u32>(targets)
  const y1 = load<u32>(targets, 4)
  const y2 = load<u32>(targets, 8)
  let s00 = f32x4.splat(0)
  let s01 = s00
  let s02 = s00
  let s10 = s00
  let s11 = s00
  let s12 = s00
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const a = v128.load(x0 + k)
    const b = v128.load(x1 + k)
    let y = v128.load(y0 + k)
    s00 = multiplyAdd(a, y, s00)
    s10 = multiplyAdd(b, y, s10)
    y = v128.load(y1 + k)
    s01 = multiplyAdd(a, y, s01)
    s11 = multiplyAdd(b, y, s11)
    y = v128.load(y2 + k)
    s02 = multiplyAdd(a, y, s02)
    s12 = multiplyAdd(b, y, s12)
  }
  v128.store(dots, sumsOf(s00, s01, s02))
  v128.store(dots, sumsOf(s10, s11, s12), 32)
}

/**
 * x_i += sum_j e_ij y_j and y_j += sum_i e_ij x_i of two context rows and three targets, all from what they were before;
 * twice four columns a turn, since the loop costs too.
 */
function updatePair(x0: usize, x1: usize, targets: usize, rowBytes: usize, errors: usize): void {
  const y0 = load<u32>(targets)
  const y1 = load<u32>(targets, 4)
  const y2 = load<u32>(targets, 8)
  const e00 = v128.load_splat<f32>(errors)
  const e01 = v128.load_splat<f32>(errors, 4)
  const e02 = v128.load_splat<f32>(errors, 8)
  const e10 = v128.load_splat<f32>(errors, 32)
  const e11 = v128.load_splat<f32>(errors, 36)
  const e12 = v128.load_splat<f32>(errors, 40)
  for (let k: usize = 0; k < rowBytes; k += 32) {
    let a = v128.load(x0 + k)
    let b = v128.load(x1 + k)
    let y = v128.load(y0 + k)
    v128.store(y0 + k, multiplyAdd(e10, b, multiplyAdd(e00, a, y)))
    let sum0 = multiplyAdd(e00, y, a)
    let sum1 = multiplyAdd(e10, y, b)
    y = v128.load(y1 + k)
    v128.store(y1 + k, multiplyAdd(e11, b, multiplyAdd(e01, a, y)))
    sum0 = multiplyAdd(e01, y, sum0)
    sum1 = multiplyAdd(e11, y, sum1)
    y = v128.load(y2 + k)
    v128.store(y2 + k, multiplyAdd(e12, b, multiplyAdd(e02, a, y)))
    v128.store(x0 + k, multiplyAdd(e02, y, sum0))
    v128.store(x1 + k, multiplyAdd(e12, y, sum1))
    a = v128.load(x0 + k, 16)
    b = v128.load(x1 + k, 16)
    y = v128.load(y0 + k, 16)
    v128.store(y0 + k, multiplyAdd(e10, b, multiplyAdd(e00, a, y)), 16)
    sum0 = multiplyAdd(e00, y, a)
    sum1 = multiplyAdd(e10, y, b)
    y = v128.load(y1 + k, 16)
    v128.store(y1 + k, multiplyAdd(e11, b, multiplyAdd(e01, a, y)), 16)
    sum0 = multiplyAdd(e01, y, sum0)
    sum1 = multiplyAdd(e11, y, sum1)
    y = v128.load(y2 + k, 16)
    v128.store(y2 + k, multiplyAdd(e12, b, multiplyAdd(e02, a, y)), 16)
    v128.store(x0 + k, multiplyAdd(e02, y, sum0), 16)
    v128.store(x1 + k, multiplyAdd(e12, y, sum1), 16)
  }
}

/** The same of one context row. */
function dotsOfWord(x: usize, targets: usize, rowBytes: usize, dots: usize): void {
  const y0 = load<u32>(targets)
  const y1 = load<u32>(targets, 4)
  const y2 = load<u32>(targets, 8)
  const y3 = load<u32>(targets, 16)
  const y4 = load<u32>(targets, 20)
  const y5 = load<u32>(targets, 24)
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let s4 = s0
  let s5 = s0
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const a = v128.load(x + k)
    s0 = multiplyAdd(a, v128.load(y0 + k), s0)
    s1 = multiplyAdd(a, v128.load(y1 + k), s1)
    s2 = multiplyAdd(a, v128.load(y2 + k), s2)
    s3 = multiplyAdd(a, v128.load(y3 + k), s3)
    s4 = multiplyAdd(a, v128.load(y4 + k), s4)
    s5 = multiplyAdd(a, v128.load(y5 + k), s5)
  }
  v128.store(dots, sumsOf(s0, s1, s2))
  v128.store(dots, sumsOf(s3, s4, s5), 16)
}

function updateWord(x: usize, targets: usize, rowBytes: usize, errors: usize): void {
  const y0 = load<u32>(targets)
  const y1 = load<u32>(targets, 4)
  const y2 = load<u32>(targets, 8)
  const y3 = load<u32>(targets, 16)
  const y4 = load<u32>(targets, 20)
  const y5 = load<u32>(targets, 24)
  const e0 = v128.load_splat<f32>(errors)
  const e1 = v128.load_splat<f32>(errors, 4)
  const e2 = v128.load_splat<f32>(errors, 8)
  const e3 = v128.load_splat<f32>(errors, 16)
  const e4 = v128.load_splat<f32>(errors, 20)
  const e5 = v128.load_splat<f32>(errors, 24)
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const a = v128.load(x + k)
    let y = v128.load(y0 + k)
    let sum = multiplyAdd(e0, y, a)
    v128.store(y0 + k, multiplyAdd(e0, a, y))
    y = v128.load(y1 + k)
    sum = multiplyAdd(e1, y, sum)
    v128.store(y1 + k, multiplyAdd(e1, a, y))
    y = v128.load(y2 + k)
    sum = multiplyAdd(e2, y, sum)
    v128.store(y2 + k, multiplyAdd(e2, a, y))
    y = v128.load(y3 + k)
    sum = multiplyAdd(e3, y, sum)
    v128.store(y3 + k, multiplyAdd(e3, a, y))
    y = v128.load(y4 + k)
    sum = multiplyAdd(e4, y, sum)
    v128.store(y4 + k, multiplyAdd(e4, a, y))
    y = v128.load(y5 + k)
    v128.store(y5 + k, multiplyAdd(e5, a, y))
    v128.store(x + k, multiplyAdd(e5, y, sum))
  }
}

/** Dot products of one context row become (label - sigmoid) x rate; the label of the centre, which is the first, is 1. */
// @ts-ignore: decorator
@inline
function errorsOf(dots: usize, rates: usize): void {
  v128.store(dots, f32x4.mul(f32x4.sub(f32x4(1, 0, 0, 0), sigmoid(v128.load(dots))), v128.load(rates)))
  v128.store(dots, f32x4.mul(f32x4.sub(f32x4.splat(0), sigmoid(v128.load(dots, 16))), v128.load(rates, 16)), 16)
}

/**
 * Reads a number of every cache line of seven rows side by side, since they are in no cache and a processor that waits for
 * seven rows of memory at once waits once.
 * @param scratch takes a value, so that no compiler leaves out the reading
 */
function fetchRows(targets: usize, next: usize, rowBytes: usize, scratch: usize): void {
  const y0 = load<u32>(targets)
  const y1 = load<u32>(targets, 4)
  const y2 = load<u32>(targets, 8)
  const y3 = load<u32>(targets, 16)
  const y4 = load<u32>(targets, 20)
  const y5 = load<u32>(targets, 24)
  let sum: u32 = 0
  for (let k: usize = 0; k < rowBytes; k += 64) {
    sum ^= load<u32>(y0 + k) ^ load<u32>(y1 + k) ^ load<u32>(y2 + k) ^ load<u32>(y3 + k) ^ load<u32>(y4 + k) ^ load<u32>(y5 + k)
    sum ^= load<u32>(next + k)
  }
  store<u32>(scratch, sum)
}

/**
 * Trains one window, two context words after the other two: errors of both from the rows before, then updates of three
 * targets and of the other three.
 * @param context addresses of `count` rows
 * @param next a row that a later window needs
 * @param targets slots of addresses of rows, the centre first; what is left out points to a row of zeros that belongs to nobody
 * @param rates slots of learning rates, 0 for what is left out and for the slots that are empty
 * @param rowBytes a multiple of 32
 * @param errors room for two times eight slots
 * @param scores null, or where the dot products go, eight slots a context word
 */
export function trainWindow(
  context: usize,
  count: i32,
  next: usize,
  targets: usize,
  rates: usize,
  rowBytes: usize,
  errors: usize,
  scores: usize,
): void {
  fetchRows(targets, next, rowBytes, errors)
  for (let i = 0; i < count; ) {
    const pair = context + (<usize>i << 2)
    const x0 = load<u32>(pair)
    const x1 = i + 1 < count ? load<u32>(pair, 4) : x0
    // A word that comes twice is no pair: each update would lose the other.
    const isPair = x1 != x0
    if (isPair) {
      dotsOfPair(x0, x1, targets, rowBytes, errors)
      dotsOfPair(x0, x1, targets + 16, rowBytes, errors + 16)
    } else dotsOfWord(x0, targets, rowBytes, errors)
    if (scores) memory.copy(scores + (<usize>i << 5), errors, isPair ? 64 : 32)
    errorsOf(errors, rates)
    if (isPair) {
      errorsOf(errors + 32, rates)
      updatePair(x0, x1, targets, rowBytes, errors)
      updatePair(x0, x1, targets + 16, rowBytes, errors + 16)
      i += 2
    } else {
      updateWord(x0, targets, rowBytes, errors)
      i++
    }
  }
}
