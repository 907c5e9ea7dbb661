import { resolve } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { Comparison } from '#protocol/comparison.ts'
import { comparisonCsv } from '#pure/comparison/comparisonCsv.ts'
import { comparisonLatex } from '#pure/comparison/comparisonLatex.ts'
import { comparisonPicture } from '#pure/comparison/comparisonPicture.ts'
import { comparisonTable } from '#pure/comparison/comparisonTable.ts'
import { print } from '../output.ts'
import { withEngine } from '../withEngine.ts'
import { exportFigure, type FigureExport } from './figure.ts'
import { fetchComparison, openExperiment, type CompareOptions } from './compare.ts'

const tables = {
  text: comparisonTable,
  latex: comparisonLatex,
  csv: comparisonCsv,
  svg: comparisonPicture,
} satisfies Record<string, (comparison: Comparison) => string>
export const exportFormats = [...Object.keys(tables), 'geojson', 'word2vec', 'word2vec-binary', 'tfjs', 'safetensors']

export interface ExportOptions extends CompareOptions, Omit<FigureExport, 'figure' | 'out'> {
  format: string
  figure?: FigureExport['figure']
  /** Label scheme, for GeoJSON. */
  labels?: string
  /** Variant of the texts, for vectors. */
  preprocess?: string
  /** File to write, for vectors and figures. */
  out?: string
}

/** `export`: the comparison or the territories on standard output, word vectors or a figure into a file. */
export async function exportResult(options: ExportOptions): Promise<void> {
  const { format, labels, out, figure } = options
  if (figure !== undefined) {
    if (out === undefined)
      throw new EngineError(
        'export/no-file',
        'A figure is written into a file, and none was named. Add --out FILE.png.',
      )
    return exportFigure({ ...options, figure, out })
  }
  if (format === 'geojson' && labels === undefined) {
    throw new EngineError(
      'export/no-labels',
      'GeoJSON holds the territories of one label scheme, and none was named. Add --labels with its name, such as --labels p2c.',
    )
  }
  if (format.startsWith('word2vec') && out === undefined) {
    throw new EngineError('export/no-file', 'Word vectors are written into a file, and none was named. Add --out FILE.')
  }
  if (format === 'tfjs' || format === 'safetensors') return exportModel(options, format)
  await withEngine(async (engine) => {
    if (format === 'geojson') {
      const experiment = await openExperiment(engine, options)
      const { geoJson, leftOut } = await engine.request('labels.geoJson', { experiment, labels: labels! })
      if (leftOut.length > 0)
        process.stderr.write(
          `note: ${leftOut.length} labels have no area on the map and are left out: ${leftOut.slice(0, 10).join(', ')}\n`,
        )
      print(geoJson)
    } else if (format.startsWith('word2vec')) {
      const experiment = await openExperiment(engine, options)
      const binary = format === 'word2vec-binary'
      const { file, words, joinedWords, dimensions } = await engine.request('embedding.export', {
        experiment,
        preprocess: options.preprocess,
        file: resolve(out!),
        binary,
      })
      const joined = joinedWords > 0 ? `; spaces in ${joinedWords} of the words are written as underscores` : ''
      print(`${file}: ${words} words, ${dimensions} dimensions${joined}`)
    } else {
      print(tables[format as keyof typeof tables](await fetchComparison(engine, options)))
    }
  })
}

async function exportModel({ project, run, out }: ExportOptions, form: 'tfjs' | 'safetensors'): Promise<void> {
  if (run === undefined || out === undefined)
    throw new EngineError(
      'export/no-run',
      `A model is written of one run into a new folder; found ${run === undefined ? 'no run' : `the run ${run}`} and ${out === undefined ? 'no folder' : `the folder ${out}`}. Add --run ID (isogloss train lists them) and --out FOLDER.`,
    )
  await withEngine(async (engine) => {
    await engine.request('project.open', { directory: resolve(project) })
    const { directory, files } = await engine.request('run.export', { run, form, directory: resolve(out) })
    print(`${directory}: ${files.join(', ')}`)
  })
}
