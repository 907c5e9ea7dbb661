/** Small dense symmetric matrices, n x n, row by row; the lower triangle is what is read. */

/**
 * Factors a positive definite matrix in place into L L'; the lower triangle holds L.
 * @throws Error where it is not positive definite
 */
export function choleskyInPlace(matrix: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    const rowJ = j * n
    let diagonal = matrix[rowJ + j]!
    for (let k = 0; k < j; k++) diagonal -= matrix[rowJ + k]! ** 2
    if (!(diagonal > 0)) throw new Error(`The matrix is not positive definite: ${diagonal} in row ${j}.`)
    const root = Math.sqrt(diagonal)
    matrix[rowJ + j] = root
    for (let i = j + 1; i < n; i++) {
      const rowI = i * n
      let sum = matrix[rowI + j]!
      for (let k = 0; k < j; k++) sum -= matrix[rowI + k]! * matrix[rowJ + k]!
      matrix[rowI + j] = sum / root
    }
  }
}

/** Solves L x = b in place. */
export function solveLower(factor: Float64Array, n: number, b: Float64Array, at = 0): void {
  for (let i = 0; i < n; i++) {
    let sum = b[at + i]!
    for (let k = 0; k < i; k++) sum -= factor[i * n + k]! * b[at + k]!
    b[at + i] = sum / factor[i * n + i]!
  }
}

/** Solves L' x = b in place. */
export function solveUpper(factor: Float64Array, n: number, b: Float64Array, at = 0): void {
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[at + i]!
    for (let k = i + 1; k < n; k++) sum -= factor[k * n + i]! * b[at + k]!
    b[at + i] = sum / factor[i * n + i]!
  }
}

/** L^-1, lower triangle. */
export function invertLower(factor: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    // Row i is (e_i - sum of L_ik times row k) / L_ii: row by row, so that memory is read in its order.
    inverse[i * n + i] = 1
    for (let k = 0; k < i; k++) {
      const value = factor[i * n + k]!
      for (let j = 0; j <= k; j++) inverse[i * n + j]! -= value * inverse[k * n + j]!
    }
    for (let j = 0; j <= i; j++) inverse[i * n + j]! /= factor[i * n + i]!
  }
  return inverse
}

/** ln |L L'|. */
export function logDeterminant(factor: Float64Array, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) sum += Math.log(factor[i * n + i]!)
  return 2 * sum
}

/** y = X b, X rows x width, row by row. */
export function product(x: Float64Array, b: Float64Array, into: Float64Array): void {
  const width = b.length
  for (let row = 0; row < into.length; row++) {
    let sum = 0
    for (let k = 0, at = row * width; k < width; k++) sum += x[at + k]! * b[k]!
    into[row] = sum
  }
}
