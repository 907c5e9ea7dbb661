import type { TargetSettings } from '#protocol/models/description.ts'
import type { StageContext } from '#engine/context.ts'
import { pointsAt } from '#engine/corpus/corpusFolds.ts'
import type { Points } from '#engine/geo/points.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { earthRadiusKm } from '#pure/greatCircle.ts'
import { pause } from '#engine/pause.ts'
import { spreadKm } from './spreadKm.ts'

/** The distribution over labels that each document is trained towards. */
export interface Targets {
  /** null for hard targets. */
  smoothingKm: number | null
  /** Mean over the training documents: each label's share, never 0. */
  prior: Float64Array
  /** Writes a document's distribution. */
  fill(document: number, into: Float64Array): void
}

/** Of the spread of the training documents: scales of soft targets that are worth a trial, and the one that is taken without. */
export const smoothingShares = [0.1, 0.25, 0.5] as const

/** Documents between two pauses. */
const documentsBetweenPauses = 1000

/** Targets of a method that tries no scales: hard where none are set, and `auto` is told. */
export async function targetsAsSet(
  settings: TargetSettings | undefined,
  places: Parameters<typeof targetsOf>[1],
  context: StageContext,
): Promise<Targets> {
  const targets = await targetsOf(settings ?? 'hard', places, context)
  if (typeof settings === 'object' && settings.smoothingKm === 'auto')
    context.note(
      `Soft targets: smoothing of ${targets.smoothingKm!.toFixed(1)} km, a quarter of the spread of the training documents.`,
    )
  return targets
}

/** The distributions of some documents one after another, documents x labels. */
export function targetRows({ prior, fill }: Targets, documents: ArrayLike<number>): Float32Array {
  const rows = new Float32Array(documents.length * prior.length)
  const one = new Float64Array(prior.length)
  for (let i = 0; i < documents.length; i++) {
    fill(documents[i]!, one)
    rows.set(one, i * prior.length)
  }
  return rows
}

/**
 * Targets over labels. Soft ones give label l of n training documents, for a document at distance d from its centre, a
 * weight of n exp(-d / smoothingKm): neighbours share what is learnt of a place, and a wrong neighbour is a small error.
 * `auto` takes a quarter of the spread of the training documents.
 * @param of the label of each document, of every fold
 */
export async function targetsOf(
  settings: TargetSettings,
  { train, points, of, centres }: { train: Int32Array; points: Points; of: Int32Array; centres: Points },
  context: StageContext,
): Promise<Targets> {
  const labelCount = centres.lat.length
  const documents = new Float64Array(labelCount)
  for (const document of train) documents[of[document]!]!++
  if (settings === 'hard') {
    const share = documents.map((count) => Math.max(count, 0.5) / train.length)
    return {
      smoothingKm: null,
      prior: share,
      fill: (document, into) => void into.fill(0).fill(1, of[document], of[document]! + 1),
    }
  }
  const smoothingKm =
    settings.smoothingKm === 'auto'
      ? smoothingShares[1] * (await spreadKm(pointsAt({ points }, train), context))
      : settings.smoothingKm
  const [sites, ends] = [unitVectors(points), unitVectors(centres)]
  const distances = new Float64Array(labelCount)
  const fill = (document: number, into: Float64Array) => {
    const [x, y, z] = [sites[3 * document]!, sites[3 * document + 1]!, sites[3 * document + 2]!]
    let nearest = Infinity
    for (let label = 0; label < labelCount; label++) {
      const [dx, dy, dz] = [x - ends[3 * label]!, y - ends[3 * label + 1]!, z - ends[3 * label + 2]!]
      distances[label] = 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(dx * dx + dy * dy + dz * dz) / 2))
      if (documents[label]! > 0) nearest = Math.min(nearest, distances[label]!)
    }
    let sum = 0
    for (let label = 0; label < labelCount; label++) {
      // From the nearest one on, so that no document is so far from all that every weight is 0.
      into[label] = documents[label]! * Math.exp((nearest - distances[label]!) / smoothingKm)
      sum += into[label]!
    }
    for (let label = 0; label < labelCount; label++) into[label]! /= sum
  }
  const prior = new Float64Array(labelCount)
  const one = new Float64Array(labelCount)
  for (const [i, document] of train.entries()) {
    fill(document, one)
    for (let label = 0; label < labelCount; label++) prior[label]! += one[label]! / train.length
    if (i % documentsBetweenPauses === documentsBetweenPauses - 1) await pause(context)
  }
  return { smoothingKm, prior: prior.map((share) => Math.max(share, 1e-9)), fill }
}
