import type { FigureOptions } from '#pure/figures/frame.ts'
import { groundUnder, type Ground } from '#pure/figures/landOfFigure.ts'
import { naturalEarth } from './naturalEarth.ts'

/** Land and borders for a figure, of the world that the window draws. @param places lon,lat degrees, interleaved */
export const groundOf = (places: Float32Array, { widthMm }: Pick<FigureOptions, 'widthMm'>): Promise<Ground> =>
  groundUnder(places, widthMm, naturalEarth)
