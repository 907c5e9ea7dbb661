import type { Position } from 'geojson'
import { flatLines, flatRings, type FlatLine } from '#engine/geo/flatGeometry.ts'
import { mapBoxes, type MapBox } from '#engine/geo/mapBoxes.ts'
import type { Points } from '#engine/geo/points.ts'
import { SphereIndex } from '#engine/geo/sphereIndex.ts'
import { sphericalVoronoi, type VoronoiCell } from '#engine/geo/sphericalVoronoi.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { cellAt, type KdTree } from './kdTree.ts'
import { kdBorders, kdRectangles } from './kdTerritories.ts'
import { packLines } from './packLines.ts'
import { polygonTerritories } from './polygonTerritories.ts'
import { touchingCells, touchingSites } from './touchingTerritories.ts'

/** How a place finds its label: all that `assign`, the borders and the exported areas need. */
export type TerritoryRule =
  | { kind: 'cells'; tree: KdTree }
  /** The label of the nearest site (ties to the millimetre: the lower site). */
  | { kind: 'nearest-site'; sites: Points; labelOfSite: Int32Array }
  /** For each label its polygons of closed rings, lon,lat degrees; outside of all there is no label. */
  | { kind: 'polygons'; areas: Position[][][][] }

export interface Territories {
  /** The label of each place, `noLabel` where the rule has none. */
  assign(points: Points): Int32Array
  /**
   * Lines between territories of different labels, within the padded box of the points: lon,lat vertices; line k is
   * vertices starts[k] to starts[k + 1], which is exclusive.
   */
  borders(boundsPoints: Points): { vertices: Float32Array; starts: Uint32Array }
  /**
   * What of each label's territory lies within the padded box of the points (polygons: all of it): rings by label,
   * counterclockwise, holes clockwise.
   */
  areas(boundsPoints: Points): FlatLine[][]
  /** Pairs of labels whose territories touch there; flat: a1, b1, a2, b2, ascending, a below b. */
  touching(boundsPoints: Points): Int32Array
}

/** The territories of labels: exactly the places that `assign` sends to each. */
export function territories(rule: TerritoryRule, labelCount: number): Territories {
  switch (rule.kind) {
    case 'cells':
      return cellTerritories(rule.tree)
    case 'nearest-site':
      return siteTerritories(rule, labelCount)
    case 'polygons':
      return polygonTerritories(rule.areas)
    default:
      throw rule satisfies never
  }
}

function cellTerritories(tree: KdTree): Territories {
  return {
    assign({ lat, lon }) {
      const labels = new Int32Array(lat.length)
      for (let i = 0; i < labels.length; i++) labels[i] = cellAt(tree, lat[i]!, lon[i]!)
      return labels
    },
    borders: (points) => packLines(mapBoxes(points).flatMap((box) => kdBorders(tree, box))),
    touching: (points) => touchingCells(tree, mapBoxes(points)),
    areas(points) {
      const areas: FlatLine[][] = Array.from({ length: tree.cells }, () => [])
      for (const box of mapBoxes(points)) {
        for (const [label, ring] of kdRectangles(tree, box)) areas[label]!.push(ring)
      }
      return areas
    },
  }
}

function siteTerritories(
  { sites, labelOfSite }: Extract<TerritoryRule, { kind: 'nearest-site' }>,
  labelCount: number,
): Territories {
  const siteVectors = unitVectors(sites)
  const index = SphereIndex.build(siteVectors)
  let cells: VoronoiCell[] | null = null
  const voronoi = () => (cells ??= labelOfSite.length > 1 ? sphericalVoronoi(siteVectors) : [])
  return {
    assign(points) {
      const labels = index.nearest(unitVectors(points))
      for (let i = 0; i < labels.length; i++) labels[i] = labelOfSite[labels[i]!]!
      return labels
    },
    borders(points) {
      const sides: number[][] = []
      voronoi().forEach(({ vertices, neighbours }, site) => {
        neighbours.forEach((other, k) => {
          // Each side is met from both of its sites.
          if (other < site || labelOfSite[other] === labelOfSite[site]) return
          const next = (k + 1) % neighbours.length
          sides.push([...vertices.slice(3 * k, 3 * k + 3), ...vertices.slice(3 * next, 3 * next + 3)])
        })
      })
      return packLines(mapBoxes(points).flatMap((box) => sides.flatMap((side) => flatLines(side, box))))
    },
    touching: () => touchingSites(voronoi(), labelOfSite, labelCount),
    areas(points) {
      const areas: FlatLine[][] = Array.from({ length: labelCount }, () => [])
      const boxes = mapBoxes(points)
      const bounded = voronoi().filter(({ vertices }) => vertices.length > 0)
      // One place alone has no sides: the whole map is its own.
      if (bounded.length === 0) areas[labelOfSite[0]!]!.push(...boxes.map(ringOf))
      voronoi().forEach(({ vertices }, site) => {
        if (vertices.length === 0) return
        for (const box of boxes) areas[labelOfSite[site]!]!.push(...flatRings(vertices, box))
      })
      return areas
    },
  }
}

function ringOf({ west, south, east, north }: MapBox): FlatLine {
  return [west, south, east, south, east, north, west, north]
}
