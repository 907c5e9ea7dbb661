import { textWidthPx } from '../text/textWidth.ts'

/** A name that a map may write beside a place. */
export interface PlaceName {
  /** Planar km. */
  x: number
  y: number
  text: string
  /** Heavier names are placed first. */
  weight: number
  /** Written as often as it stands at a place; several cells of a k-d tree lie near one big city, whose name is written once. */
  repeats?: boolean
}

export interface PlacedName {
  text: string
  /** Pixels: left end of the text and its baseline. */
  left: number
  baseline: number
}

/** Pixels that are written on already. */
export interface TakenBox {
  left: number
  right: number
  top: number
  bottom: number
}

const lineHeightPx = 14
/**
 * Names that find room, heaviest first: to the right of the place, else to the left, else left out.
 * @param places pixel positions, each with its text; must be sorted by falling weight
 * @param reserved where no name may stand
 */
export function placeNames(
  places: { px: number; py: number; text: string; repeats?: boolean }[],
  width: number,
  height: number,
  most: number,
  reserved: TakenBox[] = [],
): PlacedName[] {
  const taken = [...reserved]
  const placed: PlacedName[] = []
  const written = new Set<string>()
  for (const { px, py, text, repeats = false } of places) {
    if (placed.length >= most) break
    if (text === '' || (!repeats && written.has(text))) continue
    const textWidth = textWidthPx(text)
    for (const left of [px + 6, px - 6 - textWidth]) {
      const box: TakenBox = {
        left: left - 2,
        right: left + textWidth + 2,
        top: py - lineHeightPx / 2,
        bottom: py + lineHeightPx / 2,
      }
      if (box.left < 0 || box.right > width || box.top < 0 || box.bottom > height) continue
      if (taken.some((t) => t.left < box.right && t.right > box.left && t.top < box.bottom && t.bottom > box.top))
        continue
      taken.push(box)
      written.add(text)
      placed.push({ text, left, baseline: py + 4 })
      break
    }
  }
  return placed
}
