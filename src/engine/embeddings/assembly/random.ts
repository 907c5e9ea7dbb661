/** sfc32, word for word the generator of #engine/random.ts; one state an instance, and so one a worker. */

let a: u32 = 0
let b: u32 = 0
let c: u32 = 0
let counter: u32 = 0

export function loadRandom(state: usize): void {
  a = load<u32>(state)
  b = load<u32>(state, 4)
  c = load<u32>(state, 8)
  counter = load<u32>(state, 12)
}

export function storeRandom(state: usize): void {
  store<u32>(state, a)
  store<u32>(state, b, 4)
  store<u32>(state, c, 8)
  store<u32>(state, counter, 12)
}

// @ts-ignore: decorator
@inline
export function randomBits(): u32 {
  const t = a + b + counter
  counter++
  a = b ^ (b >>> 9)
  b = c + (c << 3)
  c = rotl<u32>(c, 21) + t
  return t
}

/** An integer in [0, bound); the bias of 2^-32 is far below what training can notice. */
// @ts-ignore: decorator
@inline
export function randomBelow(bound: u32): u32 {
  return <u32>((<u64>randomBits() * <u64>bound) >> 32)
}
