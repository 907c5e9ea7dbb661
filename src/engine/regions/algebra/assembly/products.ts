/**
 * Matrix products in tiles of four rows by two vectors: with what is loaded for them, eight sums are all that the fifteen vector
 * registers of V8 hold. What a tile reads lies one after the other, in blocks that are packed before.
 */

/** Rows of a panel: a block of four columns of it are 8 KiB, two of them fit the first cache. */
const panel: i32 = 256

// @ts-ignore: decorator
@inline
function madd64(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(x, y, sum)
  return f64x2.add(f64x2.mul(x, y), sum)
}

// @ts-ignore: decorator
@inline
function madd32(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, sum)
  return f32x4.add(f32x4.mul(x, y), sum)
}

/** Rows `from` to `from + count` of x, and of w x, four columns at a time; columns beyond the width are 0. */
function packPanel(x: usize, w: usize, from: i32, count: i32, width: i32, plain: usize, weighted: usize): void {
  const blocks = (width + 3) >> 2
  for (let block = 0; block < blocks; block++) {
    const first = block << 2
    const held = min(4, width - first)
    for (let r = 0; r < count; r++) {
      const row = x + (<usize>((from + r) * width + first) << 3)
      const weight = load<f64>(w + (<usize>(from + r) << 3))
      for (let c = 0; c < 4; c++) {
        const value = c < held ? load<f64>(row + (<usize>c << 3)) : 0
        store<f64>(plain, value)
        store<f64>(weighted, value * weight)
        plain += 8
        weighted += 8
      }
    }
  }
}

/** Adds a panel's sums of products of four columns by four to a tile of 16. */
function addTile(a: usize, b: usize, count: i32, tile: usize): void {
  let s00 = v128.load(tile)
  let s01 = v128.load(tile, 16)
  let s10 = v128.load(tile, 32)
  let s11 = v128.load(tile, 48)
  let s20 = v128.load(tile, 64)
  let s21 = v128.load(tile, 80)
  let s30 = v128.load(tile, 96)
  let s31 = v128.load(tile, 112)
  for (let r = 0; r < count; r++) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    let x = v128.load64_splat(a)
    s00 = madd64(x, b0, s00)
    s01 = madd64(x, b1, s01)
    x = v128.load64_splat(a, 8)
    s10 = madd64(x, b0, s10)
    s11 = madd64(x, b1, s11)
    x = v128.load64_splat(a, 16)
    s20 = madd64(x, b0, s20)
    s21 = madd64(x, b1, s21)
    x = v128.load64_splat(a, 24)
    s30 = madd64(x, b0, s30)
    s31 = madd64(x, b1, s31)
    a += 32
    b += 32
  }
  v128.store(tile, s00)
  v128.store(tile, s01, 16)
  v128.store(tile, s10, 32)
  v128.store(tile, s11, 48)
  v128.store(tile, s20, 64)
  v128.store(tile, s21, 80)
  v128.store(tile, s30, 96)
  v128.store(tile, s31, 112)
}

/**
 * X' diag(w) X of f64, the lower triangle, to a width x width matrix.
 * @param scratch room for two panels of whole blocks, and for the tiles of the lower triangle
 */
export function weightedGram(x: usize, w: usize, rows: i32, width: i32, scratch: usize, into: usize): void {
  const blocks = (width + 3) >> 2
  const blockBytes = <usize>panel << 5
  const plain = scratch
  const weighted = plain + <usize>blocks * blockBytes
  const tiles = weighted + <usize>blocks * blockBytes
  memory.fill(tiles, 0, <usize>((blocks * (blocks + 1)) >> 1) << 7)
  for (let from = 0; from < rows; from += panel) {
    const count = min(panel, rows - from)
    packPanel(x, w, from, count, width, plain, weighted)
    const stride = <usize>count << 5
    let tile = tiles
    for (let i = 0; i < blocks; i++)
      for (let j = 0; j <= i; j++, tile += 128)
        addTile(weighted + <usize>i * stride, plain + <usize>j * stride, count, tile)
  }
  for (let i = 0; i < width; i++)
    for (let j = 0; j <= i; j++) {
      const bi = i >> 2
      const bj = j >> 2
      const tile = tiles + (<usize>(((bi * (bi + 1)) >> 1) + bj) << 7)
      store<f64>(into + (<usize>(i * width + j) << 3), load<f64>(tile + (<usize>(((i & 3) << 2) + (j & 3)) << 3)))
    }
}

/** Rows of f32, `size` at a time: their first values, then their second ones. Rows beyond the count are 0. */
export function packRows(rows: usize, count: i32, width: i32, size: i32, into: usize): void {
  for (let first = 0; first < count; first += size)
    for (let k = 0; k < width; k++)
      for (let r = 0; r < size; r++, into += 4)
        store<f32>(into, first + r < count ? load<f32>(rows + (<usize>((first + r) * width + k) << 2)) : 0)
}

/**
 * A B' of f32 to rows x columns.
 * @param a packed rows of A, four at a time
 * @param b packed rows of B, eight at a time
 * @param into room for whole tiles: rows up to a multiple of four, columns up to one of eight
 */
export function multiply(a: usize, b: usize, rows: i32, columns: i32, width: i32, into: usize): void {
  const stride = <usize>((columns + 7) & ~7) << 2
  for (let first = 0; first < columns; first += 8, b += <usize>width << 5) {
    let left = a
    for (let row = 0; row < rows; row += 4, left += <usize>width << 4)
      multiplyTile(left, b, width, into + <usize>row * stride + (<usize>first << 2), stride)
  }
}

function multiplyTile(a: usize, b: usize, width: i32, into: usize, stride: usize): void {
  let s00 = f32x4.splat(0)
  let s01 = f32x4.splat(0)
  let s10 = f32x4.splat(0)
  let s11 = f32x4.splat(0)
  let s20 = f32x4.splat(0)
  let s21 = f32x4.splat(0)
  let s30 = f32x4.splat(0)
  let s31 = f32x4.splat(0)
  for (let k = 0; k < width; k++) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    let x = v128.load32_splat(a)
    s00 = madd32(x, b0, s00)
    s01 = madd32(x, b1, s01)
    x = v128.load32_splat(a, 4)
    s10 = madd32(x, b0, s10)
    s11 = madd32(x, b1, s11)
    x = v128.load32_splat(a, 8)
    s20 = madd32(x, b0, s20)
    s21 = madd32(x, b1, s21)
    x = v128.load32_splat(a, 12)
    s30 = madd32(x, b0, s30)
    s31 = madd32(x, b1, s31)
    a += 16
    b += 32
  }
  v128.store(into, s00)
  v128.store(into, s01, 16)
  into += stride
  v128.store(into, s10)
  v128.store(into, s11, 16)
  into += stride
  v128.store(into, s20)
  v128.store(into, s21, 16)
  into += stride
  v128.store(into, s30)
  v128.store(into, s31, 16)
}

/**
 * Of each list the sum of the rows of f32 that it names, 32 columns at a time.
 * @param width a multiple of 32
 * @param ends where each list ends among the picks; the next one begins there
 */
export function sumRows(rows: usize, width: i32, picks: usize, ends: usize, lists: i32, into: usize): void {
  let from = picks
  for (let list = 0; list < lists; list++) {
    const to = picks + (<usize>load<i32>(ends + (<usize>list << 2)) << 2)
    for (let column = 0; column < width; column += 32, into += 128) sumBlock(rows + (<usize>column << 2), width, from, to, into)
    from = to
  }
}

function sumBlock(block: usize, width: i32, from: usize, to: usize, into: usize): void {
  let s0 = f32x4.splat(0)
  let s1 = f32x4.splat(0)
  let s2 = f32x4.splat(0)
  let s3 = f32x4.splat(0)
  let s4 = f32x4.splat(0)
  let s5 = f32x4.splat(0)
  let s6 = f32x4.splat(0)
  let s7 = f32x4.splat(0)
  for (let pick = from; pick < to; pick += 4) {
    const row = block + (<usize>(load<i32>(pick) * width) << 2)
    s0 = f32x4.add(s0, v128.load(row))
    s1 = f32x4.add(s1, v128.load(row, 16))
    s2 = f32x4.add(s2, v128.load(row, 32))
    s3 = f32x4.add(s3, v128.load(row, 48))
    s4 = f32x4.add(s4, v128.load(row, 64))
    s5 = f32x4.add(s5, v128.load(row, 80))
    s6 = f32x4.add(s6, v128.load(row, 96))
    s7 = f32x4.add(s7, v128.load(row, 112))
  }
  v128.store(into, s0)
  v128.store(into, s1, 16)
  v128.store(into, s2, 32)
  v128.store(into, s3, 48)
  v128.store(into, s4, 64)
  v128.store(into, s5, 80)
  v128.store(into, s6, 96)
  v128.store(into, s7, 112)
}
