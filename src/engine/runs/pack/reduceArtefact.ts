import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ModelSettings } from '#protocol/models/models.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { readArray, writeNpy } from '#engine/files/npy.ts'
import type { Manifest } from '../manifest.ts'
import type { Reduction } from './packManifest.ts'
import { haversineSql, roundDegrees, roundedSql, roundLat, roundLon } from './roundPlaces.ts'

/** What becomes of a file: as it is, left out, or written anew from its artefact's folder. */
export type Fate = 'keep' | 'drop' | ((from: string, to: string) => Promise<void>)

/**
 * What becomes of a file of an artefact. Without text nothing stays that gives it back: texts, authors' names (by which texts are
 * found again), further columns (any of them may hold a text), rejected rows, the samples that reading them showed, a text's words
 * in their order, and the vectors of training documents that a nearest neighbour is.
 */
export function fateOf(artefact: Pick<Manifest, 'kind' | 'recipe'>, path: string, reduction: Reduction): Fate {
  const { withoutText, roundedKm } = reduction
  if (!withoutText && roundedKm === null) return 'keep'
  switch (artefact.kind) {
    case 'corpus':
      if (path === 'documents.parquet') return (from, to) => reduceDocuments(from, to, reduction)
      if (path === 'corpus.json') return (from, to) => reduceCorpusFile(from, to, reduction)
      return 'drop'
    case 'tokens':
      // The explorer makes them again, where there are texts; they hold words and sites.
      return 'drop'
    case 'vocabulary':
      return withoutText && (path === 'tokens.npy' || path === 'offsets.npy') ? 'drop' : 'keep'
    case 'labels':
      return roundedKm === null ? 'keep' : reducedLabels(path, roundedKm)
    case 'run':
      return fateOfRunFile(artefact, path, roundedKm)
    case 'embedding':
      return 'keep'
  }
}

function fateOfRunFile({ recipe }: Pick<Manifest, 'recipe'>, path: string, roundedKm: number | null): Fate {
  const { method } = (recipe as { settings: ModelSettings }).settings
  // Its model is the training documents themselves, words and places.
  if (method === 'nearest-neighbour' && path.startsWith('model/')) return 'drop'
  if (roundedKm === null) return 'keep'
  if (path === 'predictions.parquet') return (from, to) => roundPredictions(from, to, roundedKm)
  // Candidates are places of training documents.
  const axis = /^model\/decision-(lat|lon)\.npy$/.exec(path)?.[1]
  if (!axis) return 'keep'
  return async (from, to) => {
    const other = (name: string) => readArray(join(dirname(from), `decision-${name}.npy`), Float64Array)
    const [lat, lon] = [(await other('lat')).values, (await other('lon')).values]
    await writeNpy(
      to,
      axis === 'lat'
        ? lat.map((value) => roundLat(value, roundedKm))
        : lon.map((value, i) => roundLon(value, lat[i]!, roundedKm)),
    )
  }
}

async function reduceDocuments(from: string, to: string, { withoutText, roundedKm }: Reduction): Promise<void> {
  await withTable(from, to, async (columns, write) => {
    const kept = ['row', 'fold', 'sourceRow', 'author', 'authorNumber', 'lat', 'lon', 'text']
    const rounded = roundedKm === null ? null : roundedSql('lat', 'lon', roundedKm)
    const expressions = columns
      .filter((name) => !withoutText || kept.includes(name))
      .map((name) => {
        if (withoutText && (name === 'text' || name === 'author')) return `'' AS "${name}"`
        if (rounded && (name === 'lat' || name === 'lon')) return `${rounded[name]} AS "${name}"`
        return `"${name.replaceAll('"', '""')}"`
      })
    await write(expressions)
  })
}

const roundPredictions = (from: string, to: string, km: number) =>
  withTable(from, to, async (columns, write) => {
    const truth = roundedSql('lat', 'lon', km)
    const guess = roundedSql('guessLat', 'guessLon', km)
    const replaced: Record<string, string> = {
      lat: truth.lat,
      lon: truth.lon,
      guessLat: guess.lat,
      guessLon: guess.lon,
      // The error as it was, with the guess, would be a circle through the place.
      errorKm: haversineSql(truth.lat, truth.lon, guess.lat, guess.lon),
    }
    await write(columns.map((name) => (replaced[name] ? `${replaced[name]} AS "${name}"` : `"${name}"`)))
  })

/** Writes a Parquet file anew from expressions over its columns; rows keep their order. */
async function withTable(
  from: string,
  to: string,
  make: (columns: string[], write: (expressions: string[]) => Promise<void>) => Promise<void>,
): Promise<void> {
  const db = await openDuckDb({ allowedPaths: [from], allowedDirectories: [dirname(to)], threads: 1 })
  const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`
  const table = `read_parquet(${quoted(from)}, hive_partitioning = false)`
  try {
    const described = await db.rows(`DESCRIBE SELECT * FROM ${table}`)
    await make(
      described.map((row) => String(row['column_name'])),
      (expressions) =>
        db.run(
          `COPY (SELECT ${expressions.join(', ')} FROM ${table} ORDER BY "row") TO ${quoted(to)} (FORMAT parquet, COMPRESSION zstd)`,
        ),
    )
  } finally {
    db.close()
  }
}

async function reduceCorpusFile(from: string, to: string, reduction: Reduction): Promise<void> {
  const {
    reading: _samples,
    summary,
    ...file
  } = JSON.parse(await readFile(from, 'utf8')) as {
    reading?: unknown
    summary: { furtherColumns: string[]; warnings: string[] }
  }
  const { withoutText, roundedKm } = reduction
  const said = [
    ...(withoutText ? ['The corpus came without its texts: nothing can be trained or asked of words.'] : []),
    ...(roundedKm === null ? [] : [`Coordinates are rounded to ${roundedKm} km: errors are those of rounded places.`]),
  ]
  await writeFile(
    to,
    `${JSON.stringify({
      ...file,
      ...(withoutText ? { withoutText: true } : {}),
      summary: {
        ...summary,
        furtherColumns: withoutText ? [] : summary.furtherColumns,
        warnings: [...summary.warnings, ...said],
      },
    })}\n`,
  )
}

interface LabelsFile {
  labels: { lat: number; lon: number; meanLat: number; meanLon: number }[]
}

/** Centres of small labels, Point2City's sites and the splits of a k-d tree are places of training documents. */
function reducedLabels(path: string, km: number): Fate {
  if (path === 'labels.json')
    return async (from, to) => {
      const file = JSON.parse(await readFile(from, 'utf8')) as LabelsFile
      const labels = file.labels.map((row) => ({
        ...row,
        lat: roundLat(row.lat, km),
        lon: roundLon(row.lon, row.lat, km),
        meanLat: roundLat(row.meanLat, km),
        meanLon: roundLon(row.meanLon, row.meanLat, km),
      }))
      await writeFile(to, `${JSON.stringify({ ...file, labels }, null, 1)}\n`)
    }
  if (path === 'sites.npy')
    return async (from, to) => {
      const { values, shape } = await readArray(from, Float64Array, [null, 2])
      const rounded = values.map((value, i) =>
        i % 2 === 0 ? roundLat(value, km) : roundLon(value, values[i - 1]!, km),
      )
      await writeNpy(to, rounded, shape)
    }
  if (path === 'tree.npy')
    return async (from, to) => {
      const { values, shape } = await readArray(from, Float64Array, [null, 3])
      // Axis, split, right child; -1 is a cell. A meridian has no parallel of its own: degrees as at the equator.
      const rounded = values.map((value, i) => (i % 3 === 1 && values[i - 1]! >= 0 ? roundDegrees(value, km) : value))
      await writeNpy(to, rounded, shape)
    }
  return 'keep'
}
