import { EngineError } from '#protocol/errors.ts'

/** Larger files are no borders but point clouds, and would not fit into one text. */
export const mostBytes = 256 * 1024 * 1024

export const notReadable = (path: string, reason: string, cause?: unknown) =>
  new EngineError(
    'boundaries/not-readable',
    `${path} cannot be read as boundaries: ${reason}. Expected GeoJSON, KML, KMZ, or a Shapefile with its .dbf and .prj (or all in a .zip).`,
    { path },
    { cause },
  )

export const tooLarge = (path: string) =>
  new EngineError(
    'boundaries/too-large',
    `${path} is larger than ${mostBytes / 1024 / 1024} MiB (unpacked). Simplify the borders, for example with mapshaper.`,
    { path },
  )
