import type { StageContext } from '#engine/context.ts'
import { pause } from '#engine/pause.ts'
import type { Random } from '#engine/random.ts'
import { invertLower, product } from '../algebra/cholesky.ts'
import { multiplyRows } from '../algebra/products.ts'
import { priorPrecision, type FieldFit } from './fitField.ts'
import type { SiteLikelihood } from './siteLikelihood.ts'

/** Of each draw. After so many none is left where the approximation put it beyond the line; far from the line it takes more. */
const usualMoves = 12
/** Draws that move at a time: a fiftieth of a second. */
const drawsAtOnce = 100

/**
 * Draws of a field's coefficients from their posterior: draws from Laplace's approximation, each moved by elliptical slice sampling about it
 * (Murray, Adams and MacKay 2010; about an approximation, Nishihara, Murray and Adams 2014). Where a variant is missing from a whole region the
 * posterior is flat towards never and steep towards often; the approximation, which knows the curvature at its mode alone, is
 * flat on both sides, and its own draws would cross the line there.
 * @param rows sites x width, as the fit had them
 * @param likelihood of the counts and the site effects that were fitted
 * @returns count x width, row by row
 */
export async function posteriorDraws(
  rows: Float64Array,
  likelihood: SiteLikelihood,
  fit: FieldFit,
  { count, random, moves = usualMoves }: { count: number; random: Random; moves?: number },
  context: StageContext,
): Promise<Float32Array> {
  const width = fit.coefficients.length
  const target = targetOf(rows, likelihood, fit)
  const draws = new Float32Array(count * width)
  for (let from = 0; from < count; from += drawsAtOnce) {
    await pause(context)
    const to = Math.min(count, from + drawsAtOnce)
    draws.set(moveDraws(target, { count: to - from, moves }, random), from * width)
  }
  return draws
}

/** What the moves need of a fit. */
interface Target {
  mode: Float64Array
  /** Logits of the sites at the mode. */
  modeLogits: Float64Array
  precision: Float64Array
  /** Takes standard normals z to coefficients less the mode: L'^-1 z, row by row. */
  spread: Float32Array
  rows: Float32Array
  likelihood: SiteLikelihood
}

function targetOf(rows: Float64Array, likelihood: SiteLikelihood, fit: FieldFit): Target {
  const { coefficients: mode, factor, priors } = fit
  const width = mode.length
  const inverse = invertLower(factor, width)
  const spread = new Float32Array(width * width)
  for (let i = 0; i < width; i++) for (let j = 0; j <= i; j++) spread[j * width + i] = inverse[i * width + j]!
  const modeLogits = new Float64Array(rows.length / width)
  product(rows, mode, modeLogits)
  return {
    mode,
    modeLogits,
    precision: Float64Array.from(mode, (_, k) => priorPrecision(priors, k)),
    spread,
    rows: Float32Array.from(rows),
    likelihood,
  }
}

/** A direction from the mode for each of some draws: in standard normals, in coefficients and in logits of the sites. */
interface Directions {
  normals: Float32Array
  coefficients: Float32Array
  logits: Float32Array
}

function drawDirections({ mode, spread, rows }: Target, count: number, random: Random): Directions {
  const width = mode.length
  const normals = Float32Array.from({ length: count * width }, () => random.normal())
  const coefficients = new Float32Array(count * width)
  multiplyRows(normals, spread, width, coefficients)
  const logits = new Float32Array((count * rows.length) / width)
  multiplyRows(coefficients, rows, width, logits)
  return { normals, coefficients, logits }
}

function moveDraws(target: Target, { count, moves }: { count: number; moves: number }, random: Random): Float32Array {
  const { mode } = target
  const width = mode.length
  const at = drawDirections(target, count, random)
  for (let move = 0; move < moves; move++) {
    const towards = drawDirections(target, count, random)
    for (let draw = 0; draw < count; draw++) moveAlongEllipse(target, draw, at, towards, random)
  }
  return at.coefficients.map((value, i) => mode[i % width]! + value)
}

/** One move of one draw, on the ellipse through where it is and where it might be. */
function moveAlongEllipse(target: Target, draw: number, at: Directions, towards: Directions, random: Random): void {
  const { mode, modeLogits, precision, likelihood } = target
  const [width, sites] = [mode.length, modeLogits.length]
  const own = (values: Float32Array, length: number) => values.subarray(draw * length, (draw + 1) * length)
  const [z, zTo] = [own(at.normals, width), own(towards.normals, width)]
  const [b, bTo] = [own(at.coefficients, width), own(towards.coefficients, width)]
  const [f, fTo] = [own(at.logits, sites), own(towards.logits, sites)]
  // Both quadratic forms on the ellipse follow from products of its two axes.
  let [zz, zt, tt] = [0, 0, 0]
  let [mb, mt, bb, bt, bTbT] = [0, 0, 0, 0, 0]
  for (let k = 0; k < width; k++) {
    const p = precision[k]!
    zz += z[k]! * z[k]!
    zt += z[k]! * zTo[k]!
    tt += zTo[k]! * zTo[k]!
    mb += p * mode[k]! * b[k]!
    mt += p * mode[k]! * bTo[k]!
    bb += p * b[k]! * b[k]!
    bt += p * b[k]! * bTo[k]!
    bTbT += p * bTo[k]! * bTo[k]!
  }
  /** The log posterior over the approximation's density, up to a constant. */
  const height = (cos: number, sin: number) =>
    likelihood.onEllipse(modeLogits, f, fTo, cos, sin) -
    (2 * (cos * mb + sin * mt) + cos * cos * bb + 2 * cos * sin * bt + sin * sin * bTbT) / 2 +
    (cos * cos * zz + 2 * cos * sin * zt + sin * sin * tt) / 2
  const level = height(1, 0) + Math.log(1 - random.next())
  let angle = 2 * Math.PI * random.next()
  let [low, high] = [angle - 2 * Math.PI, angle]
  let [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  while (height(cos, sin) < level && high - low > 1e-6) {
    if (angle < 0) low = angle
    else high = angle
    angle = low + (high - low) * random.next()
    ;[cos, sin] = [Math.cos(angle), Math.sin(angle)]
  }
  for (let k = 0; k < width; k++) {
    z[k] = cos * z[k]! + sin * zTo[k]!
    b[k] = cos * b[k]! + sin * bTo[k]!
  }
  for (let s = 0; s < sites; s++) f[s] = cos * f[s]! + sin * fTo[s]!
}
