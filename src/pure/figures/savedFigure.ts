import type { Feature } from 'geojson'
import { csvText, type CsvField } from '../csvText.ts'
import type { FigureOptions } from './frame.ts'

/** What data of a figure are saved as. */
export const dataNames = { csv: 'CSV', geojson: 'GeoJSON', tex: 'LaTeX' }

/** A picture of what a view shows, as it is saved for print. */
export interface SavedFigure {
  /** Where there are several, the name of this one. */
  title: string
  /** SVG; its caption is its `desc`. */
  draw(options: FigureOptions): Promise<string> | string
  data?: FigureData[]
}

/** What is in a figure, as a file for other programs. */
export interface FigureData {
  kind: keyof typeof dataNames
  content(): Promise<string> | string
}

/** A table, its head first. */
export const csvData = (rows: () => CsvField[][]): FigureData => ({
  kind: 'csv',
  content: () => `${csvText(rows())}\n`,
})

export const geojsonData = (features: () => Feature[]): FigureData => ({
  kind: 'geojson',
  content: () => `${JSON.stringify({ type: 'FeatureCollection', features: features() })}\n`,
})
