/**
 * Sums and updates of rows of weights in AssemblyScript: weights in single, sums in double precision, in the order in which
 * `weightRows.ts` beside this folder has them, so that both give the same numbers to the bit. Addresses are bytes; `active` holds
 * the first weight of each row, counted in weights.
 */

// @ts-ignore: decorator
@inline
function lowOf(four: v128): v128 {
  return f64x2.promote_low_f32x4(four)
}

// @ts-ignore: decorator
@inline
function highOf(four: v128): v128 {
  return f64x2.promote_low_f32x4(i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15))
}

// @ts-ignore: decorator
@inline
function rowAt(weights: usize, active: usize, i: i32): usize {
  return weights + ((<usize>load<u32>(active + ((<usize>i) << 2))) << 2)
}

// @ts-ignore: decorator
@inline
function strengthAt(strengths: usize, i: i32): f64 {
  return load<f64>(strengths + ((<usize>i) << 3))
}

/** Adds to the logits each row times its strength, four rows at a time. */
export function addRows(weights: usize, active: usize, strengths: usize, size: i32, logits: usize, count: i32): void {
  const whole = count & ~3
  let i: i32 = 0
  for (; i + 4 <= size; i += 4) {
    const a = rowAt(weights, active, i)
    const b = rowAt(weights, active, i + 1)
    const c = rowAt(weights, active, i + 2)
    const d = rowAt(weights, active, i + 3)
    const va = strengthAt(strengths, i)
    const vb = strengthAt(strengths, i + 1)
    const vc = strengthAt(strengths, i + 2)
    const vd = strengthAt(strengths, i + 3)
    const sa = f64x2.splat(va)
    const sb = f64x2.splat(vb)
    const sc = f64x2.splat(vc)
    const sd = f64x2.splat(vd)
    let label: i32 = 0
    for (; label < whole; label += 4) {
      const at = (<usize>label) << 2
      const wa = v128.load(a + at)
      const wb = v128.load(b + at)
      const wc = v128.load(c + at)
      const wd = v128.load(d + at)
      const to = logits + (at << 1)
      const low = f64x2.add(
        f64x2.add(f64x2.mul(sa, lowOf(wa)), f64x2.mul(sb, lowOf(wb))),
        f64x2.add(f64x2.mul(sc, lowOf(wc)), f64x2.mul(sd, lowOf(wd))),
      )
      const high = f64x2.add(
        f64x2.add(f64x2.mul(sa, highOf(wa)), f64x2.mul(sb, highOf(wb))),
        f64x2.add(f64x2.mul(sc, highOf(wc)), f64x2.mul(sd, highOf(wd))),
      )
      v128.store(to, f64x2.add(v128.load(to), low))
      v128.store(to, f64x2.add(v128.load(to, 16), high), 16)
    }
    for (; label < count; label++) {
      const at = (<usize>label) << 2
      const to = logits + (at << 1)
      const sum =
        va * <f64>load<f32>(a + at) + vb * <f64>load<f32>(b + at) + (vc * <f64>load<f32>(c + at) + vd * <f64>load<f32>(d + at))
      store<f64>(to, load<f64>(to) + sum)
    }
  }
  for (; i < size; i++) {
    const row = rowAt(weights, active, i)
    const strength = strengthAt(strengths, i)
    for (let label: i32 = 0; label < count; label++) {
      const at = (<usize>label) << 2
      const to = logits + (at << 1)
      store<f64>(to, load<f64>(to) + strength * <f64>load<f32>(row + at))
    }
  }
}

/** Turns a row w into keep * w - step * error. */
export function updateRow(weights: usize, first: u32, keep: f64, step: f64, error: usize, count: i32): void {
  const row = weights + ((<usize>first) << 2)
  const whole = count & ~3
  const kept = f64x2.splat(keep)
  const steps = f64x2.splat(step)
  let label: i32 = 0
  for (; label < whole; label += 4) {
    const at = (<usize>label) << 2
    const from = error + (at << 1)
    const w = v128.load(row + at)
    const low = f64x2.sub(f64x2.mul(kept, lowOf(w)), f64x2.mul(steps, v128.load(from)))
    const high = f64x2.sub(f64x2.mul(kept, highOf(w)), f64x2.mul(steps, v128.load(from, 16)))
    v128.store64_lane(row + at, f32x4.demote_f64x2_zero(low), 0)
    v128.store64_lane(row + at + 8, f32x4.demote_f64x2_zero(high), 0)
  }
  for (; label < count; label++) {
    const at = (<usize>label) << 2
    store<f32>(row + at, <f32>(keep * <f64>load<f32>(row + at) - step * load<f64>(error + (at << 1))))
  }
}
