import type { StageContext } from '#engine/context.ts'
import type { TfIdfRows } from '#engine/models/learning/tfIdf.ts'
import { pause } from '#engine/pause.ts'

/** Rows by column: those of column c are `rows[starts[c]]` to `rows[starts[c + 1] - 1]`, ascending, and their values. */
interface Postings {
  starts: Float64Array
  rows: Int32Array
  values: Float32Array
}

/** Queries between two pauses. */
const queriesBetweenPauses = 50

/** Rows are found by their columns, so that a query meets only rows that share a word with it. */
export function postingsOf({ starts, columns, values }: TfIdfRows, columnCount: number): Postings {
  const postings = {
    starts: new Float64Array(columnCount + 1),
    rows: new Int32Array(columns.length),
    values: new Float32Array(columns.length),
  }
  for (const column of columns) postings.starts[column + 1]!++
  for (let column = 0; column < columnCount; column++) postings.starts[column + 1]! += postings.starts[column]!
  const next = postings.starts.slice()
  for (let row = 0; row < starts.length - 1; row++) {
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      const at = next[columns[i]!]!++
      postings.rows[at] = row
      postings.values[at] = values[i]!
    }
  }
  return postings
}

/** For each query the row of greatest cosine (ties: the lower row), or -1 where no row shares a word with it. */
export async function nearestRows(
  postings: Postings,
  rowCount: number,
  { starts, columns, values }: TfIdfRows,
  context: Pick<StageContext, 'signal'>,
): Promise<Int32Array> {
  const nearest = new Int32Array(starts.length - 1).fill(-1)
  const cosines = new Float64Array(rowCount)
  for (let query = 0; query < nearest.length; query++) {
    if (query % queriesBetweenPauses === queriesBetweenPauses - 1) await pause(context)
    cosines.fill(0)
    for (let i = starts[query]!; i < starts[query + 1]!; i++) {
      const [column, value] = [columns[i]!, values[i]!]
      for (let p = postings.starts[column]!; p < postings.starts[column + 1]!; p++)
        cosines[postings.rows[p]!]! += value * postings.values[p]!
    }
    let greatest = 0
    for (let row = 0; row < rowCount; row++) {
      if (cosines[row]! <= greatest) continue
      greatest = cosines[row]!
      nearest[query] = row
    }
  }
  return nearest
}
