interface Place {
  lat: number
  lon: number
}

export const thumbnail = { width: 46, height: 32 }
const margin = 4

/** The small map of a list: all homes as dots, which show the land that is spoken of, and where one of them lies. */
export interface HomeFrame {
  /** SVG path, a dot for each pixel in which a home lies. */
  dots: string
  at(place: Place): [x: number, y: number]
}

/** Degrees of longitude are as long as they are in the middle of the homes. */
export function homeFrame(homes: Place[]): HomeFrame {
  const ends = (values: number[]) => [
    values.reduce((a, b) => Math.min(a, b), Infinity),
    values.reduce((a, b) => Math.max(a, b), -Infinity),
  ]
  const [west, east] = ends(homes.map(({ lon }) => lon)) as [number, number]
  const [south, north] = ends(homes.map(({ lat }) => lat)) as [number, number]
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const scale = Math.min(
    (thumbnail.width - 2 * margin) / Math.max(1e-6, (east - west) * narrow),
    (thumbnail.height - 2 * margin) / Math.max(1e-6, north - south),
  )
  const at = ({ lat, lon }: Place): [number, number] => [
    thumbnail.width / 2 + (lon - (west + east) / 2) * narrow * scale,
    thumbnail.height / 2 - (lat - (south + north) / 2) * scale,
  ]
  const pixels = new Set(
    homes.map((home) =>
      at(home)
        .map((value) => Math.round(value))
        .join(' '),
    ),
  )
  return { at, dots: [...pixels].map((pixel) => `M${pixel}h0`).join('') }
}
