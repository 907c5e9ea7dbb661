import { resolve } from 'node:path'
import type { Position } from 'geojson'
import type { FigureOptions } from '#pure/figures/frame.ts'
import { groundUnder, type Ground } from '#pure/figures/landOfFigure.ts'
import { withEngine } from '../withEngine.ts'
import { naturalEarth } from './naturalEarth.ts'

export interface FigureRequest {
  areas?: string
  /** Areas that the figure ends at. */
  clip?: string
  grey?: boolean
  title?: string
  widthMm: number
}

export const figureSize = ({ widthMm, grey = false, title }: FigureRequest): FigureOptions => ({
  widthMm,
  grey,
  title,
})

/** The ground under some places, with the borders that a person wants on it. */
export async function figureGround(lonLat: Float32Array, { areas, clip, widthMm }: FigureRequest): Promise<Ground> {
  const context: Position[][] = []
  for (const file of [areas, clip]) {
    if (file === undefined) continue
    const found = await withEngine((engine) => engine.request('explorer.boundaries', { file: resolve(file) }))
    context.push(...found.areas.flatMap(({ polygons }) => polygons.flat()), ...found.lines)
  }
  return groundUnder(lonLat, widthMm, naturalEarth, context)
}
