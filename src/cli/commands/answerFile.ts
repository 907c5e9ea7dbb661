import { extname, resolve } from 'node:path'
import type { GeoJSON } from 'geojson'
import { EngineError } from '#protocol/errors.ts'
import { csvText, type CsvField } from '#pure/csvText.ts'
import { writeNewFile } from '#engine/files/newFile.ts'
import { isFigure, writeFigure } from '#engine/files/figureFile.ts'

/** What an answer can be written as, by the ending of the file. */
export interface Writers {
  geojson(): GeoJSON
  /** Rows of a table, the head first. */
  csv(): CsvField[][]
  /** SVG. */
  figure(): Promise<string>
}

/**
 * Writes an answer to a new file.
 * @throws EngineError 'explorer/unknown-format', 'export/exists'
 */
export async function writeAnswer(path: string, writers: Writers): Promise<void> {
  if (isFigure(path)) return writeFigure(path, await writers.figure())
  const ending = extname(path).toLowerCase()
  const text =
    ending === '.geojson' || ending === '.json'
      ? JSON.stringify(writers.geojson())
      : ending === '.csv'
        ? csvText(writers.csv())
        : null
  if (text !== null) return writeNewFile(resolve(path), (file) => file.writeFile(`${text}\n`))
  throw new EngineError(
    'explorer/unknown-format',
    `${path} ends in "${ending}"; an answer can be written to a file that ends in .geojson, .csv, .svg or .png. Name one of these.`,
  )
}
