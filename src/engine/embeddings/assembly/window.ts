/**
 * One window of skip-gram with negative sampling, its negatives shared by all context words (Ji et al. 2016): n context
 * rows against six target rows, the centre and five negatives. Memory is the wall, so every row is read twice and written
 * once a window; within that, tiles are as large as fifteen vector registers allow.
 */

/** Target rows a window. */
export const targetCount: i32 = 6

// @ts-ignore: decorator
@inline
function multiplyAdd(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, sum)
  return f32x4.add(f32x4.mul(x, y), sum)
}

// @ts-ignore: decorator
@inline
function sumOf(v: v128): f32 {
  const pairs = f32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1))
  return f32x4.extract_lane(f32x4.add(pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2)), 0)
}

/**
 * Dot products of two context rows with the six targets, to scores[0..12).
 * @param targets addresses of six rows
 * @param rowBytes a multiple of 16
 */
function dots(x0: usize, x1: usize, targets: usize, rowBytes: usize, scores: usize): void {
  const y0 = load<u32>(targets)
  const y1 = load<u32>(targets, 4)
  const y2 = load<u32>(targets, 8)
  const y3 = load<u32>(targets, 12)
  const y4 = load<u32>(targets, 16)
  const y5 = load<u32>(targets, 20)
  let s00 = f32x4.splat(0)
  let s01 = s00
  let s02 = s00
  let s03 = s00
  let s04 = s00
  let s05 = s00
  let s10 = s00
  let s11 = s00
  let s12 = s00
  let s13 = s00
  let s14 = s00
  let s15 = s00
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
    y = v128.load(y3 + k)
    s03 = multiplyAdd(a, y, s03)
    s13 = multiplyAdd(b, y, s13)
    y = v128.load(y4 + k)
    s04 = multiplyAdd(a, y, s04)
    s14 = multiplyAdd(b, y, s14)
    y = v128.load(y5 + k)
    s05 = multiplyAdd(a, y, s05)
    s15 = multiplyAdd(b, y, s15)
  }
  store<f32>(scores, sumOf(s00))
  store<f32>(scores, sumOf(s01), 4)
  store<f32>(scores, sumOf(s02), 8)
  store<f32>(scores, sumOf(s03), 12)
  store<f32>(scores, sumOf(s04), 16)
  store<f32>(scores, sumOf(s05), 20)
  store<f32>(scores, sumOf(s10), 24)
  store<f32>(scores, sumOf(s11), 28)
  store<f32>(scores, sumOf(s12), 32)
  store<f32>(scores, sumOf(s13), 36)
  store<f32>(scores, sumOf(s14), 40)
  store<f32>(scores, sumOf(s15), 44)
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

/**
 * x_i += sum_j e_ij y_j, and y_j += sum_i e_ij x_i from the y before the window; four columns at a time, the six y and
 * their sums in registers, errors broadcast from memory. A word that the context holds twice is updated twice in turn.
 */
function update(context: usize, count: i32, targets: usize, rowBytes: usize, errors: usize): void {
  const t0 = load<u32>(targets)
  const t1 = load<u32>(targets, 4)
  const t2 = load<u32>(targets, 8)
  const t3 = load<u32>(targets, 12)
  const t4 = load<u32>(targets, 16)
  const t5 = load<u32>(targets, 20)
  const end = context + (<usize>count << 2)
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const y0 = v128.load(t0 + k)
    const y1 = v128.load(t1 + k)
    const y2 = v128.load(t2 + k)
    const y3 = v128.load(t3 + k)
    const y4 = v128.load(t4 + k)
    const y5 = v128.load(t5 + k)
    let n0 = y0
    let n1 = y1
    let n2 = y2
    let n3 = y3
    let n4 = y4
    let n5 = y5
    let e = errors
    for (let i = context; i < end; i += 4) {
      const row = load<u32>(i) + k
      const x = v128.load(row)
      let error = v128.load_splat<f32>(e)
      n0 = multiplyAdd(error, x, n0)
      let sum = multiplyAdd(error, y0, x)
      error = v128.load_splat<f32>(e, 4)
      n1 = multiplyAdd(error, x, n1)
      sum = multiplyAdd(error, y1, sum)
      error = v128.load_splat<f32>(e, 8)
      n2 = multiplyAdd(error, x, n2)
      sum = multiplyAdd(error, y2, sum)
      error = v128.load_splat<f32>(e, 12)
      n3 = multiplyAdd(error, x, n3)
      sum = multiplyAdd(error, y3, sum)
      error = v128.load_splat<f32>(e, 16)
      n4 = multiplyAdd(error, x, n4)
      sum = multiplyAdd(error, y4, sum)
      error = v128.load_splat<f32>(e, 20)
      n5 = multiplyAdd(error, x, n5)
      sum = multiplyAdd(error, y5, sum)
      v128.store(row, sum)
      e += 24
    }
    v128.store(t0 + k, n0)
    v128.store(t1 + k, n1)
    v128.store(t2 + k, n2)
    v128.store(t3 + k, n3)
    v128.store(t4 + k, n4)
    v128.store(t5 + k, n5)
  }
}

/**
 * Trains one window.
 * @param context addresses of `count` rows; one more entry is written
 * @param targets addresses of six rows, the centre first; what is left out points to `idleRow`
 * @param rates the learning rate for each of two times six targets, 0 for what is left out
 * @param idleRow a row of zeros that belongs to nobody; it stays zero
 * @param errors room for 6 x (count + 1) floats, which then hold (label - sigmoid) x rate
 * @param scores null, or where the raw dot products go too
 */
export function trainWindow(
  context: usize,
  count: i32,
  targets: usize,
  rates: usize,
  idleRow: usize,
  rowBytes: usize,
  errors: usize,
  scores: usize,
): void {
  store<u32>(context + (<usize>count << 2), <u32>idleRow)
  const rates0 = v128.load(rates)
  const rates1 = v128.load(rates, 16)
  const rates2 = v128.load(rates, 32)
  for (let i = 0; i < count; i += 2) {
    const pair = context + (<usize>i << 2)
    const e = errors + <usize>i * 24
    dots(load<u32>(pair), load<u32>(pair, 4), targets, rowBytes, e)
    const d0 = v128.load(e)
    const d1 = v128.load(e, 16)
    const d2 = v128.load(e, 32)
    if (scores) {
      v128.store(scores + <usize>i * 24, d0)
      v128.store(scores + <usize>i * 24, d1, 16)
      v128.store(scores + <usize>i * 24, d2, 32)
    }
    // The centre's label is 1: places 0 and 6 of the twelve.
    v128.store(e, f32x4.mul(f32x4.sub(f32x4(1, 0, 0, 0), sigmoid(d0)), rates0))
    v128.store(e, f32x4.mul(f32x4.sub(f32x4(0, 0, 1, 0), sigmoid(d1)), rates1), 16)
    v128.store(e, f32x4.mul(f32x4.sub(f32x4.splat(0), sigmoid(d2)), rates2), 32)
  }
  update(context, count, targets, rowBytes, errors)
}
