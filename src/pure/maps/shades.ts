import { cividis } from './cividis.ts'

/** A value on one of the scales of the maps: more of one thing, one thing against another, or one of several things. */
export interface Shade {
  scale: 'sequential' | 'diverging' | 'categories'
  /** 0-1; of categories their number from 0. */
  value: number
}

type Rgb = [number, number, number]

/** Okabe & Ito 2008: apart for all kinds of colour vision. Black is drawn as ink, so that it is seen in the dark. */
const kinds: readonly Rgb[] = [
  [0, 114, 178],
  [213, 94, 0],
  [0, 158, 115],
  [204, 121, 167],
  [230, 159, 0],
  [86, 180, 233],
  [110, 110, 110],
]

/** Blue for the second of two things, orange for the first, grey where they are even. */
const ends: Record<'light' | 'dark', readonly [Rgb, Rgb, Rgb]> = {
  light: [
    [38, 96, 164],
    [222, 219, 211],
    [196, 102, 14],
  ],
  dark: [
    [92, 158, 226],
    [66, 69, 72],
    [240, 150, 62],
  ],
}

/** The land under a surface, as styles/tokens.css has it: where there is least one should see the land, and no bright yellow. */
const land: Record<'light' | 'dark', Rgb> = { light: [241, 239, 232], dark: [33, 36, 39] }

/** @returns red, green, blue, 0-255 */
export function shadeColour({ scale, value }: Shade, dark: boolean): Rgb {
  if (scale === 'categories') return kinds[value % kinds.length]!
  const held = Math.min(1, Math.max(0, value))
  const theme = dark ? 'dark' : 'light'
  if (scale === 'sequential') return mixed(land[theme], cividis(0.04 + 0.92 * held, dark), 0.15 + 0.85 * held ** 0.6)
  const [low, middle, high] = ends[theme]
  return held < 0.5 ? mixed(low, middle, held * 2) : mixed(middle, high, held * 2 - 1)
}

const mixed = (from: Rgb, to: Rgb, share: number): Rgb =>
  [0, 1, 2].map((k) => Math.round(from[k]! + (to[k]! - from[k]!) * share)) as Rgb

export const shadeCss = (shade: Shade, dark: boolean): string => `rgb(${shadeColour(shade, dark).join(' ')})`
