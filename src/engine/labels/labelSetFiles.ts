import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { LabelSettings } from '#protocol/labels/labels.ts'
import type { LabelRow } from '#protocol/results.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readNpy, writeNpy, type NpyArray } from '#engine/files/npy.ts'
import type { Points } from '#engine/geo/points.ts'
import { assembleLabelSet, type LabelSet } from './assembleLabelSet.ts'
import type { TerritoryRule } from './territories.ts'

/** labels.json: a row has its city's place beside what everyone sees. */
interface LabelsFile {
  settings: LabelSettings
  reassigned: number | null
  labels: (LabelRow & { cityLat: number; cityLon: number })[]
}

/**
 * Writes a label set into an existing folder: labels.json, trainLabels.npy, and what `assign` needs: tree.npy (nodes
 * x 3, see KdTree), or sites.npy (sites x 2: latitude, longitude) and siteLabels.npy.
 */
export async function saveLabelSet(set: LabelSet, directory: string): Promise<void> {
  const { settings, reassigned, cities, rule } = set
  const labels = set.labels.map((row, i) => ({ ...row, cityLat: cities.lat[i]!, cityLon: cities.lon[i]! }))
  const file: LabelsFile = { settings, reassigned, labels }
  await writeFileAtomically(join(directory, 'labels.json'), JSON.stringify(file, null, 1) + '\n')
  await writeNpy(join(directory, 'trainLabels.npy'), set.trainLabels)
  if (rule.kind === 'cells') {
    await writeNpy(join(directory, 'tree.npy'), rule.tree.nodes, [rule.tree.nodes.length / 3, 3])
  } else {
    const { lat, lon } = rule.sites
    const rows = new Float64Array(2 * lat.length)
    for (let i = 0; i < lat.length; i++) rows.set([lat[i]!, lon[i]!], 2 * i)
    await writeNpy(join(directory, 'sites.npy'), rows, [lat.length, 2])
    await writeNpy(join(directory, 'siteLabels.npy'), rule.labelOfSite)
  }
}

/** @throws EngineError 'labels/unreadable' when the folder does not hold a whole label set */
export async function loadLabelSet(directory: string): Promise<LabelSet> {
  const unreadable = (what: string, cause?: unknown) =>
    new EngineError(
      'labels/unreadable',
      `${directory} does not hold a whole label set: ${what}. Delete the artefact; the next run makes it again.`,
      { directory },
      { cause },
    )
  try {
    const { settings, reassigned, labels: rows } = JSON.parse(
      await readFile(join(directory, 'labels.json'), 'utf8'),
    ) as LabelsFile
    const cities: Points = {
      lat: Float64Array.from(rows, (row) => row.cityLat),
      lon: Float64Array.from(rows, (row) => row.cityLon),
    }
    const labels = rows.map(({ cityLat: _lat, cityLon: _lon, ...row }): LabelRow => row)
    const trainLabels = await readArray(directory, 'trainLabels.npy', Int32Array)
    const rule = existsSync(join(directory, 'tree.npy')) ? await readTree(directory, labels.length) : await readSites(directory)
    return assembleLabelSet({ settings, labels, cities, trainLabels, reassigned, rule })
  } catch (cause) {
    if (cause instanceof EngineError) throw cause
    throw unreadable(cause instanceof Error ? cause.message : String(cause), cause)
  }
}

async function readTree(directory: string, cells: number): Promise<TerritoryRule> {
  return { kind: 'cells', tree: { nodes: await readArray(directory, 'tree.npy', Float64Array), cells } }
}

async function readSites(directory: string): Promise<TerritoryRule> {
  const rows = await readArray(directory, 'sites.npy', Float64Array)
  const labelOfSite = await readArray(directory, 'siteLabels.npy', Int32Array)
  const sites: Points = { lat: rows.filter((_, i) => i % 2 === 0), lon: rows.filter((_, i) => i % 2 === 1) }
  return { kind: 'nearest-site', sites, labelOfSite }
}

async function readArray<A extends NpyArray>(
  directory: string,
  name: string,
  Type: { new (length: number): A },
): Promise<A> {
  const { values } = await readNpy(join(directory, name))
  if (values instanceof Type) return values
  throw new TypeError(`${name} holds ${values.constructor.name}, expected ${Type.name}`)
}
