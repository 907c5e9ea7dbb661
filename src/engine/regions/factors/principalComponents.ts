import { EigenvalueDecomposition, Matrix } from 'ml-matrix'

/** Maps as rows, each with mean 0 over the cells and, where it is scaled, variance 1; one that is the same everywhere is 0. */
export interface StandardMaps {
  maps: number
  cells: number
  /** maps x cells, row by row. */
  values: Float64Array
  /** Of each map before: its mean and standard deviation over the cells. */
  means: Float64Array
  deviations: Float64Array
}

export function standardMaps(values: Float64Array, maps: number, scaled = true): StandardMaps {
  const cells = values.length / maps
  const result: StandardMaps = {
    maps,
    cells,
    values: new Float64Array(values.length),
    means: new Float64Array(maps),
    deviations: new Float64Array(maps),
  }
  for (let map = 0; map < maps; map++) {
    const row = values.subarray(map * cells, (map + 1) * cells)
    const mean = row.reduce((sum, value) => sum + value, 0) / cells
    const deviation = Math.sqrt(row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cells)
    result.means[map] = mean
    result.deviations[map] = deviation
    if (deviation > 1e-12)
      row.forEach((value, cell) => (result.values[map * cells + cell] = (value - mean) / (scaled ? deviation : 1)))
  }
  return result
}

export interface Components {
  /** Of the correlations between the maps (covariances, where these are not scaled), greatest first. */
  eigenvalues: Float64Array
  /** maps x components: the map's correlation with the component. Null where they were not asked for. */
  loadings: Float64Array | null
}

/**
 * The principal components of standardised maps, greatest first, from the products of whichever are fewer, maps or cells. A
 * component's sign is that at which the cubes of its loadings add up to more than 0.
 * @param wanted components with loadings
 */
export function principalComponents({ maps, cells, values }: StandardMaps, wanted: number): Components {
  const rows = new Matrix(maps, cells)
  for (let map = 0; map < maps; map++)
    for (let cell = 0; cell < cells; cell++) rows.set(map, cell, values[map * cells + cell]!)
  const byMaps = maps <= cells
  const gram = (byMaps ? rows.mmul(rows.transpose()) : rows.transpose().mmul(rows)).div(cells)
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(gram, { assumeSymmetric: true })
  const order = [...realEigenvalues.keys()].sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]! || a - b)
  const eigenvalues = Float64Array.from(order, (at) => Math.max(0, realEigenvalues[at]!))
  if (wanted === 0) return { eigenvalues, loadings: null }
  const loadings = new Float64Array(maps * wanted)
  order.slice(0, wanted).forEach((at, k) => {
    const vector = Float64Array.from({ length: gram.rows }, (_, i) => eigenvectorMatrix.get(i, at))
    let cubes = 0
    for (let map = 0; map < maps; map++) {
      let loading = 0
      if (byMaps) loading = vector[map]! * Math.sqrt(eigenvalues[k]!)
      else {
        for (let cell = 0; cell < cells; cell++) loading += values[map * cells + cell]! * vector[cell]!
        loading /= Math.sqrt(cells)
      }
      loadings[map * wanted + k] = loading
      cubes += loading ** 3
    }
    if (cubes < 0) for (let map = 0; map < maps; map++) loadings[map * wanted + k]! *= -1
  })
  return { eigenvalues, loadings }
}
