import type { StageContext } from '#engine/context.ts'
import { pause } from '#engine/pause.ts'
import type { Random } from '#engine/random.ts'

/** Eight sites a byte: bit j of byte g says that site 8g + j keeps its sign. */
export interface Signs {
  draws: number
  groups: number
  bytes: Uint8Array
}

export function drawSigns(sites: number, draws: number, random: Random): Signs {
  const groups = Math.ceil(sites / 8)
  const bytes = new Uint8Array(draws * groups)
  for (let at = 0; at < bytes.length; at++) bytes[at] = random.below(256)
  return { draws, groups, bytes }
}

/** Columns worked on together: their sums stay in registers, their tables in the second cache. */
const together = 8

/**
 * Sums over sites of each column under every draw of signs. The 256 signed sums of eight sites are tabled once, so that a draw
 * costs an addition for eight sites ("four Russians").
 * @param columns sites x width, row by row
 * @returns draws x width, row by row
 */
export async function signedSums(
  columns: Float64Array,
  width: number,
  { draws, groups, bytes }: Signs,
  context: Pick<StageContext, 'signal'>,
): Promise<Float64Array> {
  const sums = new Float64Array(draws * width)
  const tables = new Float64Array(groups * 256 * together)
  for (let from = 0; from < width; from += together) {
    const count = Math.min(together, width - from)
    fillTables(columns, width, from, count, tables)
    for (let draw = 0; draw < draws; draw++) {
      let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0 // prettier-ignore
      for (let group = 0; group < groups; group++) {
        const at = (group * 256 + bytes[draw * groups + group]!) * together
        a += tables[at]!
        b += tables[at + 1]!
        c += tables[at + 2]!
        d += tables[at + 3]!
        e += tables[at + 4]!
        f += tables[at + 5]!
        g += tables[at + 6]!
        h += tables[at + 7]!
      }
      const found = [a, b, c, d, e, f, g, h]
      for (let k = 0; k < count; k++) sums[draw * width + from + k] = found[k]!
    }
    await pause(context)
  }
  return sums
}

/** tables[(g * 256 + bits) * together + k]: the sum of column `from + k` over the sites of group g with the signs of `bits`. */
function fillTables(columns: Float64Array, width: number, from: number, count: number, tables: Float64Array): void {
  const sites = columns.length / width
  for (let group = 0; 8 * group < sites; group++) {
    const start = group * 256 * together
    for (let k = 0; k < together; k++) {
      let all = 0
      for (let j = 0; k < count && j < 8 && 8 * group + j < sites; j++)
        all -= columns[(8 * group + j) * width + from + k]!
      tables[start + k] = all
    }
    // Each pattern is one with its highest bit off, and twice that site more.
    for (let j = 0, bit = 1; j < 8; j++, bit *= 2) {
      const site = 8 * group + j
      for (let k = 0; k < together; k++) {
        const twice = site < sites && k < count ? 2 * columns[site * width + from + k]! : 0
        for (let low = 0; low < bit; low++)
          tables[start + (low + bit) * together + k] = tables[start + low * together + k]! + twice
      }
    }
  }
}
