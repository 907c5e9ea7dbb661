import type { FigureOptions } from '#pure/figures/frame.ts'

/** What data of a figure are saved as. */
export const dataNames = { csv: 'CSV', geojson: 'GeoJSON', tex: 'LaTeX' }

/** A picture of what a view shows, as it is saved for print. */
export interface SavedFigure {
  /** Where there are several, the name of this one. */
  title: string
  /** SVG; its caption is its `desc`. */
  draw(options: FigureOptions): Promise<string> | string
  /** What is in it, as a file for other programs. */
  data?: { kind: keyof typeof dataNames; content(): Promise<string> | string }[]
}
