import type { CorpusSettings } from '#protocol/experiment.ts'
import type { DuckDb } from '#engine/files/duckDb.ts'
import { seededRandom } from '#engine/random.ts'

type SplitUnit = 'author' | 'place' | 'document'

const keys: Record<SplitUnit, string> = {
  author: `coalesce('a' || author, 's' || sequence)`,
  place: `printf('%.4f,%.4f', lat, lon)`,
  document: `sequence`,
}

/**
 * Draws the folds that no file gives from the training documents: whole groups (authors, places, documents), shuffled
 * with the seed, go to a fold until it holds its share of documents.
 */
export async function drawFolds(
  db: DuckDb,
  { split, dev, test }: CorpusSettings,
): Promise<{ by: SplitUnit | 'files' | 'none'; warnings: string[] }> {
  const wanted = split === 'none' ? [] : ([['dev', dev, split.dev], ['test', test, split.test]] as const).filter(([, files, share]) => !files && share > 0)
  if (split === 'none' || wanted.length === 0) return { by: dev || test ? 'files' : 'none', warnings: [] }
  const warnings: string[] = []
  const [counts] = await db.rows(`SELECT count(author)::INTEGER AS authors, count(*)::INTEGER AS documents FROM documents WHERE fold = 'train'`)
  const hasAuthors = Number(counts!['authors']) > 0
  const by = split.by ?? (hasAuthors ? 'author' : 'place')
  if (!split.by && !hasAuthors) {
    warnings.push('There is no author column: folds are drawn by place, so that no test place was seen in training. Say corpus.split.by to choose otherwise.')
  }
  const groups = await db.rows(
    `SELECT min(sequence)::INTEGER AS head, count(*)::INTEGER AS n FROM documents WHERE fold = 'train' GROUP BY ${keys[by]} ORDER BY head`,
  )
  const order = Int32Array.from(groups.keys())
  seededRandom(split.seed, 7).shuffle(order)
  const documents = Number(counts!['documents'])
  await db.run('CREATE TEMP TABLE drawn (head INTEGER, fold VARCHAR)')
  const appender = await db.connection.createAppender('drawn')
  let next = 0
  for (const [fold, , share] of wanted) {
    let held = 0
    // One group at least stays for training.
    while (held < Math.round(share * documents) && next < order.length - 1) {
      const group = groups[order[next++]!]!
      appender.appendInteger(Number(group['head']))
      appender.appendVarchar(fold)
      appender.endRow()
      held += Number(group['n'])
    }
    if (held === 0) warnings.push(`The ${fold} fold is empty: the corpus has too few groups by ${by} to draw from.`)
  }
  appender.closeSync()
  await db.run(`
    UPDATE documents SET fold = chosen.fold FROM (
      SELECT ${keys[by]} AS key, drawn.fold FROM documents JOIN drawn ON documents.sequence = drawn.head
    ) AS chosen WHERE documents.fold = 'train' AND ${keys[by]} = chosen.key`)
  await db.run('DROP TABLE drawn')
  return { by, warnings }
}
