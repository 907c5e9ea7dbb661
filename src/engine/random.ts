/** A seeded source of randomness: the only one in the engine. */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number
  /** Uniform integer in [0, bound), without bias for bound <= 2^32. */
  below(bound: number): number
  /** Standard normal (Box-Muller, one value a call so that the state stays four words). */
  normal(): number
  /** Shuffles in place (Fisher-Yates). */
  shuffle(values: { length: number; [index: number]: number }): void
  /** The generator's state, for checkpoints; `randomFrom` continues where it stood. */
  state(): [number, number, number, number]
}

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded through SplitMix32; `stream` separates uses of one seed. */
export function seededRandom(seed: number, stream = 0): Random {
  let mix = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) >>> 0
  const next = () => {
    mix = (mix + 0x9e3779b9) >>> 0
    let z = mix
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  }
  const random = randomFrom([next(), next(), next(), 1])
  for (let i = 0; i < 12; i++) random.next()
  return random
}

/** Continues a generator from a state that `state()` returned. */
export function randomFrom(state: [number, number, number, number]): Random {
  let [a, b, c, counter] = state
  const bits = () => {
    const t = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  const next = () => bits() / 4294967296
  return {
    next,
    below(bound) {
      // Rejection of the incomplete last interval keeps every value equally likely.
      const limit = 4294967296 - (4294967296 % bound)
      let value = bits()
      while (value >= limit) value = bits()
      return value % bound
    },
    normal() {
      const radius = Math.sqrt(-2 * Math.log(1 - next()))
      return radius * Math.cos(2 * Math.PI * next())
    },
    shuffle(values) {
      for (let i = values.length - 1; i > 0; i--) {
        const j = Math.floor(next() * (i + 1))
        const held = values[i]!
        values[i] = values[j]!
        values[j] = held
      }
    },
    state: () => [a, b, c, counter],
  }
}
