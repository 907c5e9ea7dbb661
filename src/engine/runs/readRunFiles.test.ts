import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { readEpochMetrics } from './epochMetrics.ts'
import { readPredictions } from './predictions.ts'
import { readRejectedRows } from './rejectedRows.ts'

const directory = mkdtempSync(join(tmpdir(), 'isogloss-fold=dev-'))
afterAll(() => rmSync(directory, { recursive: true }))

async function written(select: string, name: string): Promise<void> {
  const db = await openDuckDb({ allowedDirectories: [directory] })
  await db.run(`COPY (${select}) TO '${join(directory, name)}' (FORMAT parquet)`)
  db.close()
}

const damaged = (message: string) => ({ code: 'file/damaged', message: expect.stringContaining(message) as string })

describe('readPredictions', () => {
  const predictions = (replace: string, where = '') =>
    written(
      `SELECT * REPLACE (${replace}) FROM (SELECT (9 - i)::INTEGER AS row, CASE WHEN i < 4 THEN 'test' ELSE 'dev' END AS fold, 47.5::DOUBLE AS lat, 8::DOUBLE AS lon, 1::INTEGER AS label,
        0::INTEGER AS "predictedLabel", 0.5::FLOAT AS probability, 47::DOUBLE AS "guessLat", 8.5::DOUBLE AS "guessLon", 70::DOUBLE AS "errorKm", 47.1::DOUBLE AS "headLat", 8.1::DOUBLE AS "headLon" FROM range(7) t(i)) ${where}`,
      'predictions.parquet',
    )
  const test = Int32Array.of(6, 7, 8, 9)

  it('reads the rows of a fold in order, with and without a head', async () => {
    await predictions('row AS row')
    const { rows, head, guess, errorKm, label } = await readPredictions(directory, 'test', test)
    expect([rows, label, errorKm]).toEqual([test, Int32Array.of(1, 1, 1, 1), Float32Array.of(70, 70, 70, 70)])
    expect([head!.lat[0], guess.lon[3]]).toEqual([47.1, 8.5])
    expect((await readPredictions(directory, 'dev')).rows).toEqual(Int32Array.of(3, 4, 5))
    await predictions('NULL::DOUBLE AS headLat, NULL::DOUBLE AS headLon')
    expect((await readPredictions(directory, 'test', test)).head).toBeNull()
  })

  it.each([
    ["'one' AS label", '', '"label" has no value of type INTEGER'],
    ['NULL AS guessLat', '', '"guessLat" has no value of type DOUBLE'],
    ["'nan'::DOUBLE AS guessLat", '', 'latitude NaN'],
    ["CASE WHEN row = 6 THEN 'inf'::DOUBLE ELSE 70 END AS errorKm", '', 'number 0 of 4 is Infinity'],
    ['CASE WHEN row > 6 THEN headLat END AS headLat', '', 'place 0 of 4 has latitude NaN'],
    ['row AS row', 'WHERE row <> 8', 'it has 3 rows, expected 4'],
    ['least(row, 8) AS row', '', 'it predicts document 8, expected 9'],
    ['1e300 AS row', '', '"row" has no value of type INTEGER'],
  ])('refuses %s %s', async (replace, where, message) => {
    await predictions(replace, where)
    await expect(readPredictions(directory, 'test', test)).rejects.toMatchObject(damaged(message))
  })
})

describe('readRejectedRows', () => {
  it('reads texts of any type, and names lines that are none', async () => {
    await written(
      "SELECT 3::BIGINT AS line, 'a.txt' AS file, [1] AS reason, NULL AS explanation, {'a': 1} AS raw",
      'rejected.parquet',
    )
    expect(await readRejectedRows(directory)).toEqual([
      { line: 3, file: 'a.txt', reason: '[1]', explanation: '', raw: "{'a': 1}" },
    ])
    await written("SELECT 'three' AS line, '' AS file, '' AS reason, '' AS explanation, '' AS raw", 'rejected.parquet')
    await expect(readRejectedRows(directory)).rejects.toMatchObject(damaged('"line" has no value of type INTEGER'))
  })
})

describe('readEpochMetrics', () => {
  const epoch = {
    epoch: 1,
    step: 8,
    trainLoss: 2,
    coordinateLoss: null,
    devLoss: 1,
    devAccuracy: 0.5,
    devMeanErrorKm: 3,
    devMedianErrorKm: 2,
    devAccuracyAt161Km: 1,
    documentsPerSecond: 9,
    elapsedMs: 5,
    best: true,
  }

  it('refuses a line that is cut off, and one that is no epoch', async () => {
    const path = join(directory, 'metrics.jsonl')
    const line = JSON.stringify(epoch)
    await writeFile(path, `${line}\n${line.replace('"trainLoss":2', '"trainLoss":null')}\n`)
    expect(await readEpochMetrics(directory)).toEqual([epoch, { ...epoch, trainLoss: NaN }])
    await writeFile(path, line.slice(0, -5))
    await expect(readEpochMetrics(directory)).rejects.toMatchObject(damaged('it is cut off or no JSON'))
    await writeFile(path, '{"epoch": 0}')
    await expect(readEpochMetrics(directory)).rejects.toMatchObject(damaged('epoch'))
  })
})
