import proj4, { type Converter } from 'proj4'
import { EngineError } from '#protocol/errors.ts'

/** Turns coordinates of a projection, in metres, into WGS84 degrees; null for what it cannot place. */
export type Unproject = (east: number, north: number) => { lat: number; lon: number } | null

const dhdn = '+ellps=bessel +towgs84=598.1,73.7,418.2,0.202,0.045,-2.455,6.7'
const gaussKrueger = (zone: number) => `+proj=tmerc +lat_0=0 +lon_0=${3 * zone} +k=1 +x_0=${zone}500000 +y_0=0 ${dhdn}`
const swiss =
  '+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +ellps=bessel +towgs84=674.374,15.056,405.346'

/** Definitions of the EPSG register by code, with the transformation to WGS84 that is usual there (metres, some are good to 5). */
const definitions: Record<number, string> = {
  2056: `${swiss} +x_0=2600000 +y_0=1200000`,
  21781: `${swiss} +x_0=600000 +y_0=200000`,
  27700:
    '+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489',
  31466: gaussKrueger(2),
  31467: gaussKrueger(3),
  31468: gaussKrueger(4),
  31469: gaussKrueger(5),
  31287:
    '+proj=lcc +lat_0=47.5 +lon_0=13.3333333333333 +lat_1=49 +lat_2=46 +x_0=400000 +y_0=400000 +ellps=bessel +towgs84=577.326,90.129,463.919,5.137,1.474,5.297,2.4232',
  2154: '+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80',
  28992:
    '+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000 +ellps=bessel +towgs84=565.2369,50.0087,465.658,-0.406857,0.350733,-1.87035,4.0812',
  31370:
    '+proj=lcc +lat_0=90 +lon_0=4.36748666666667 +lat_1=51.1666672333333 +lat_2=49.8333339 +x_0=150000.013 +y_0=5400088.438 +ellps=intl +towgs84=-106.8686,52.2978,-103.7239,0.3366,-0.457,1.8422,-1.2747',
  2180: '+proj=tmerc +lat_0=0 +lon_0=19 +k=0.9993 +x_0=500000 +y_0=-5300000 +ellps=GRS80',
  3003: '+proj=tmerc +lat_0=0 +lon_0=9 +k=0.9996 +x_0=1500000 +y_0=0 +ellps=intl +towgs84=-104.1,-49.1,-9.9,0.971,-2.917,0.714,-11.68',
  3035: '+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80',
  3006: '+proj=utm +zone=33 +ellps=GRS80',
  3067: '+proj=utm +zone=35 +ellps=GRS80',
  5070: '+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +x_0=0 +y_0=0 +datum=NAD83',
  2193: '+proj=tmerc +lat_0=0 +lon_0=173 +k=0.9996 +x_0=1600000 +y_0=10000000 +ellps=GRS80',
  3857: '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +nadgrids=@null',
}

/** Codes under which degrees of WGS84 go: nothing is to be converted. */
export const isDegrees = (crs: string) => /^(EPSG:(4326|4258|4269)|WGS ?84|CRS84|OGC:CRS84)$/i.test(crs.trim())

/** Grids in which the larger number is always the easting, whichever column it stands in. */
const eastIsLarger = new Set([2056, 21781])

/**
 * @param crs a code of EPSG ("EPSG:2056" or 2056), a definition of PROJ ("+proj=utm +zone=32"), or E7 for degrees times ten
 * million, as Google's exports have them (E1 to E9)
 * @throws EngineError 'import/unknown-crs' that names what is known
 */
export function unprojection(crs: string): Unproject {
  const power = Number(/^E([1-9])$/i.exec(crs.trim())?.[1])
  if (power > 0) return (east, north) => ({ lat: north / 10 ** power, lon: east / 10 ** power })
  const code = Number(/^\s*(?:EPSG\s*:*\s*)?(\d{4,5})\s*$/i.exec(crs)?.[1])
  const definition = crs.includes('+proj=') ? crs : definitionOf(code)
  let convert: Converter
  try {
    if (!definition) throw new Error('it is not known')
    convert = proj4(`${definition} +units=m +no_defs`, '+proj=longlat +datum=WGS84 +no_defs')
  } catch (cause) {
    throw new EngineError(
      'import/unknown-crs',
      `corpus.crs "${crs}" cannot be used: ${cause instanceof Error ? cause.message : String(cause as string)}. Expected EPSG:4326 for degrees, one of EPSG:${Object.keys(definitions).join(', ')}, a zone of UTM (EPSG:32601 to 32660, 32701 to 32760, 25828 to 25838), E7 for degrees times 10,000,000, or a definition of PROJ such as "+proj=utm +zone=32 +datum=WGS84".`,
      { crs },
      { cause },
    )
  }
  return (east, north) => {
    const swap = eastIsLarger.has(code) && north > east
    const [lon, lat] = convert.forward(swap ? [north, east] : [east, north])
    return Number.isFinite(lat) && Number.isFinite(lon) ? { lat, lon: lon > 180 ? lon - 360 : lon } : null
  }
}

function definitionOf(code: number): string | undefined {
  if (code > 32600 && code <= 32660) return `+proj=utm +zone=${code - 32600} +datum=WGS84`
  if (code > 32700 && code <= 32760) return `+proj=utm +zone=${code - 32700} +south +datum=WGS84`
  if (code >= 25828 && code <= 25838) return `+proj=utm +zone=${code - 25800} +ellps=GRS80`
  return definitions[code]
}

/** A number of metres, which Swiss tables write with apostrophes and others with spaces: 2'600'000. */
export function parseMetres(field: string): number | null {
  const text = field
    .trim()
    .replace(/(?<=\d)['’\s\u00a0\u202f](?=\d{3}(\D|$))/g, '')
    .replace(/\s*m$/, '')
  if (/^-?\d{1,3}(,\d{3}){2,}(\.\d+)?$/.test(text)) return Number(text.replaceAll(',', ''))
  if (/^-?\d{1,3}(\.\d{3}){2,}(,\d+)?$/.test(text)) return Number(text.replaceAll('.', '').replace(',', '.'))
  return /^-?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : null
}

interface Grid {
  name: string
  east: [number, number]
  north: [number, number]
}

const grids: Grid[] = [
  { name: 'Swiss LV95 (EPSG:2056)', east: [2_480_000, 2_840_000], north: [1_070_000, 1_300_000] },
  { name: 'Swiss LV03 (EPSG:21781)', east: [480_000, 840_000], north: [70_000, 300_000] },
  {
    name: 'Gauss-Krüger of Germany (EPSG:31466 to 31469)',
    east: [2_500_000, 5_900_000],
    north: [5_200_000, 6_150_000],
  },
  { name: 'the British national grid (EPSG:27700)', east: [0, 660_000], north: [0, 1_230_000] },
  { name: 'Lambert-93 of France (EPSG:2154)', east: [90_000, 1_250_000], north: [6_030_000, 7_140_000] },
  { name: 'the Dutch grid (EPSG:28992)', east: [10_000, 290_000], north: [300_000, 630_000] },
  { name: 'UTM (EPSG:326 or 327 and the zone, such as EPSG:32632)', east: [160_000, 840_000], north: [0, 10_000_000] },
  { name: 'Web Mercator (EPSG:3857)', east: [-20_037_509, 20_037_509], north: [-20_037_509, 20_037_509] },
]

/** Grids to which all of the points belong, the narrowest first; none where they are no metres. */
export function gridsOf(points: { lat: number; lon: number }[]): string[] {
  if (points.length === 0 || !points.every(({ lat, lon }) => Math.abs(lat) > 1000 && Math.abs(lon) > 1000)) return []
  const within = (value: number, [least, most]: [number, number]) => value >= least && value <= most
  const found = grids
    .filter(
      ({ east, north }) =>
        points.every(({ lat, lon }) => within(lon, east) && within(lat, north)) ||
        points.every(({ lat, lon }) => within(lat, east) && within(lon, north)),
    )
    .map(({ name }) => name)
  // The last one takes whatever is on the globe.
  return found.length > 1 ? found.slice(0, -1).slice(0, 3) : found
}
