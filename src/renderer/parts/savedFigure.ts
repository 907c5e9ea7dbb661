import type { FigureOptions } from '#pure/figures/frame.ts'

/** A picture of what a view shows, as it is saved for print. */
export interface SavedFigure {
  /** Where there are several, the name of this one. */
  title: string
  /** SVG. */
  draw(options: FigureOptions): Promise<string> | string
  /** What it shows and how it was computed; left out where the picture has no caption. */
  caption?: string
  /** What is in it, as a file for other programs. */
  data?: { kind: 'csv' | 'geojson'; content(): string }[]
}
