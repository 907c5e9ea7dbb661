import type { CorpusSummary } from '#protocol/results.ts'
import type { DuckDb } from '#engine/files/duckDb.ts'

type Known = Pick<CorpusSummary, 'name' | 'format' | 'encoding' | 'splitBy' | 'synthetic' | 'warnings'>

const place = `printf('%.4f,%.4f', lat, lon)`

/** Counts what a reader of a result must know: folds, authors, places, leakage, duplicates, rejects. */
export async function describeCorpus(db: DuckDb, known: Known): Promise<Omit<CorpusSummary, 'id'>> {
  const one = async (sql: string) => Number((await db.rows(sql))[0]!['n'] ?? 0)
  const count = (fold: string) => one(`SELECT count(*)::INTEGER AS n FROM documents WHERE fold = '${fold}'`)
  const documents = { train: await count('train'), dev: await count('dev'), test: await count('test') }
  const authors = await one('SELECT count(DISTINCT author)::INTEGER AS n FROM documents')
  const reasons = await db.rows('SELECT reason, count(*)::INTEGER AS n FROM rejected GROUP BY reason ORDER BY n DESC, reason')
  const authorsAcrossFolds = await one(`
    SELECT count(*)::INTEGER AS n FROM (
      SELECT author FROM documents WHERE author IS NOT NULL GROUP BY author HAVING bool_or(fold = 'train') AND bool_or(fold <> 'train'))`)
  const warnings = [...known.warnings]
  if (authorsAcrossFolds > 0) warnings.push(`${authorsAcrossFolds} authors have documents in training and in another fold: results will look better than they are.`)
  return {
    ...known,
    documents,
    authors: authors > 0 ? authors : null,
    places: await one(`SELECT count(DISTINCT ${place})::INTEGER AS n FROM documents`),
    rejected: reasons.reduce((sum, row) => sum + Number(row['n']), 0),
    rejectedByReason: Object.fromEntries(reasons.map((row) => [String(row['reason']), Number(row['n'])])),
    testPlacesSeen: documents.test
      ? (await one(`SELECT count(*)::INTEGER AS n FROM documents WHERE fold = 'test' AND ${place} IN (SELECT ${place} FROM documents WHERE fold = 'train')`)) / documents.test
      : null,
    authorsAcrossFolds,
    duplicateDocuments: await one('SELECT (count(*) - count(DISTINCT text))::INTEGER AS n FROM documents'),
    warnings,
  }
}
