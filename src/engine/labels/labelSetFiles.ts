import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { labelSettings } from '#protocol/labels/labels.ts'
import type { LabelRow } from '#protocol/labelSets.ts'
import { damagedFile, readJson, requireBelow, requirePlaces } from '#engine/files/artefactFile.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readArray, writeNpy } from '#engine/files/npy.ts'
import type { Points } from '#engine/geo/points.ts'
import { assembleLabelSet, type LabelSet } from './assembleLabelSet.ts'
import { checkKdTree } from './kdTree.ts'
import { loadPolygons, savePolygons } from './polygonFiles.ts'
import { noLabel } from './scheme.ts'
import type { TerritoryRule } from './territories.ts'

const lat = z.number().min(-90).max(90)
const lon = z.number().min(-180).max(180)
const count = z.number().int().nonnegative()

/** labels.json: a row has its city's place beside what everyone sees. */
const labelsFile = z.object({
  settings: labelSettings,
  reassigned: z.number().min(0).max(1).nullable(),
  /** Training documents to which the scheme gives no label; a set of before polygons has none. */
  unlabelled: count.default(0),
  labels: z
    .array(
      z.object({
        index: count,
        name: z.string(),
        city: z.string(),
        country: z.string(),
        documents: count,
        lat,
        lon,
        meanLat: lat,
        meanLon: lon,
        cityLat: lat,
        cityLon: lon,
      }),
    )
    .min(1)
    .refine((rows) => rows.every(({ index }, i) => index === i), 'expected labels that are numbered from 0'),
})
type LabelsFile = z.infer<typeof labelsFile>

/**
 * Writes a label set into an existing folder: labels.json, trainLabels.npy, and what `assign` needs: tree.npy (nodes
 * x 3, see KdTree), or sites.npy (sites x 2: latitude, longitude) and siteLabels.npy, or rings.npy (rings x 3: label, polygon
 * of the label, vertices) and ringVertices.npy (vertices x 2: longitude, latitude).
 */
export async function saveLabelSet(set: LabelSet, directory: string): Promise<void> {
  const { settings, reassigned, cities, rule } = set
  const labels = set.labels.map((row, i) => ({ ...row, cityLat: cities.lat[i]!, cityLon: cities.lon[i]! }))
  const unlabelled = set.trainLabels.reduce((sum, label) => sum + (label === noLabel ? 1 : 0), 0)
  const file: LabelsFile = { settings, reassigned, unlabelled, labels }
  await writeFileAtomically(join(directory, 'labels.json'), JSON.stringify(file, null, 1) + '\n')
  await writeNpy(join(directory, 'trainLabels.npy'), set.trainLabels)
  switch (rule.kind) {
    case 'cells':
      return writeNpy(join(directory, 'tree.npy'), rule.tree.nodes, [rule.tree.nodes.length / 3, 3])
    case 'nearest-site': {
      const { lat, lon } = rule.sites
      const rows = new Float64Array(2 * lat.length)
      for (let i = 0; i < lat.length; i++) rows.set([lat[i]!, lon[i]!], 2 * i)
      await writeNpy(join(directory, 'sites.npy'), rows, [lat.length, 2])
      return writeNpy(join(directory, 'siteLabels.npy'), rule.labelOfSite)
    }
    case 'polygons':
      return savePolygons(rule.areas, directory)
    default:
      throw rule satisfies never
  }
}

/** @throws EngineError 'file/damaged' when the folder does not hold a whole label set */
export async function loadLabelSet(directory: string): Promise<LabelSet> {
  const { settings, reassigned, unlabelled, labels: rows } = await readJson(join(directory, 'labels.json'), labelsFile)
  const cities: Points = {
    lat: Float64Array.from(rows, (row) => row.cityLat),
    lon: Float64Array.from(rows, (row) => row.cityLon),
  }
  const labels = rows.map(({ cityLat: _lat, cityLon: _lon, ...row }): LabelRow => row)
  const documents = labels.reduce((sum, label) => sum + label.documents, 0)
  const trainLabels = await readLabels(directory, 'trainLabels.npy', documents + unlabelled, labels.length, noLabel)
  const rule = await readRule(directory, labels.length)
  return assembleLabelSet({ settings, labels, cities, trainLabels, reassigned, rule })
}

/**
 * documents.npy: the label of each document of the corpus, in row order; `noLabel` where it has none.
 * @throws EngineError 'file/damaged'
 */
export const loadDocumentLabels = (directory: string, documents: number, labelCount: number): Promise<Int32Array> =>
  readLabels(directory, 'documents.npy', documents, labelCount, noLabel)

async function readLabels(
  directory: string,
  name: string,
  length: number | null,
  labelCount: number,
  least = 0,
): Promise<Int32Array> {
  const path = join(directory, name)
  const { values } = await readArray(path, Int32Array, [length])
  requireBelow(path, values, labelCount, least)
  return values
}

function readRule(directory: string, labelCount: number): Promise<TerritoryRule> {
  if (existsSync(join(directory, 'tree.npy'))) return readTree(directory, labelCount)
  return existsSync(join(directory, 'rings.npy'))
    ? readPolygons(directory, labelCount)
    : readSites(directory, labelCount)
}

async function readPolygons(directory: string, labelCount: number): Promise<TerritoryRule> {
  return { kind: 'polygons', areas: await loadPolygons(directory, labelCount) }
}

async function readTree(directory: string, cells: number): Promise<TerritoryRule> {
  const path = join(directory, 'tree.npy')
  const { values: nodes } = await readArray(path, Float64Array, [2 * cells - 1, 3])
  const problem = checkKdTree({ nodes, cells })
  if (problem) throw damagedFile(path, problem)
  return { kind: 'cells', tree: { nodes, cells } }
}

async function readSites(directory: string, labelCount: number): Promise<TerritoryRule> {
  const path = join(directory, 'sites.npy')
  const labelOfSite = await readLabels(directory, 'siteLabels.npy', null, labelCount)
  if (labelOfSite.length === 0) throw damagedFile(join(directory, 'siteLabels.npy'), 'it holds no site')
  const { values: rows } = await readArray(path, Float64Array, [labelOfSite.length, 2])
  const sites: Points = { lat: rows.filter((_, i) => i % 2 === 0), lon: rows.filter((_, i) => i % 2 === 1) }
  requirePlaces(path, sites)
  return { kind: 'nearest-site', sites, labelOfSite }
}
