import { expect, test } from 'vitest'
import { chunkRows } from './duckDbColumns.ts'
import { duckDbBindings } from './duckDbPackage.ts'

test('the rows of a chunk are those of DuckDB', () => expect(duckDbBindings().vector_size()).toBe(chunkRows))
