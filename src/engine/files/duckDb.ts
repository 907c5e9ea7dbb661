import type { DuckDBConnection, DuckDBValue, Json } from '@duckdb/node-api'
import { duckDbApi } from './duckDbPackage.ts'

export interface DuckDbOptions {
  /** Folders, and single files, that statements may read and write; nothing else on the machine can be reached. */
  allowedDirectories?: string[]
  allowedPaths?: string[]
  memoryLimitMiB?: number
  threads?: number
  temporaryDirectory?: string
}

export interface DuckDb {
  connection: DuckDBConnection
  run(sql: string, values?: Record<string, DuckDBValue>): Promise<void>
  rows(sql: string, values?: Record<string, DuckDBValue>): Promise<Record<string, Json>[]>
  close(): void
}

const listed = (paths: string[]) => `[${paths.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ')}]`

/**
 * An in-memory DuckDB that cannot leave the files it is granted: no extension is looked for, installed or loaded
 * (by itself DuckDB asks a host for them), other files are refused, and the configuration is locked.
 */
export async function openDuckDb(options: DuckDbOptions = {}): Promise<DuckDb> {
  const { allowedDirectories = [], allowedPaths = [], memoryLimitMiB = 2048, threads, temporaryDirectory } = options
  const instance = await duckDbApi().DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    memory_limit: `${memoryLimitMiB}MiB`,
    ...(threads ? { threads: String(threads) } : {}),
  })
  const connection = await instance.connect()
  if (temporaryDirectory) await connection.run(`SET temp_directory = '${temporaryDirectory.replaceAll("'", "''")}'`)
  // Files are read once, by their pages: kept pages would double the memory that a scan takes.
  await connection.run('SET enable_external_file_cache = false')
  // A stream counts what it has read ahead without its strings: the default holds a hundred megabytes of long texts.
  await connection.run("SET streaming_buffer_size = '1KiB'")
  await connection.run(
    `SET allowed_directories = ${listed(allowedDirectories.map((path) => (path.endsWith('/') ? path : `${path}/`)))}`,
  )
  await connection.run(`SET allowed_paths = ${listed(allowedPaths)}`)
  await connection.run('SET enable_external_access = false')
  await connection.run('SET lock_configuration = true')
  return {
    connection,
    async run(sql, values) {
      await connection.run(sql, values)
    },
    async rows(sql, values) {
      return (await connection.runAndReadAll(sql, values)).getRowObjectsJson()
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

export interface TableColumn {
  type: 'INTEGER' | 'DOUBLE' | 'FLOAT' | 'VARCHAR' | 'BOOLEAN'
  values: ArrayLike<number | string | boolean | null>
}

/** Writes columns of one length as a Parquet file. */
export async function writeTable(db: DuckDb, path: string, columns: Record<string, TableColumn>): Promise<void> {
  const entries = Object.entries(columns)
  await db.run(
    `CREATE OR REPLACE TEMP TABLE written (${entries.map(([name, { type }]) => `"${name}" ${type}`).join(', ')})`,
  )
  const appender = await db.connection.createAppender('written')
  const count = entries[0]![1].values.length
  for (let i = 0; i < count; i++) {
    for (const [, { type, values }] of entries) {
      const value = values[i]!
      if (value === null) appender.appendNull()
      else if (type === 'INTEGER') appender.appendInteger(value as number)
      else if (type === 'DOUBLE') appender.appendDouble(value as number)
      else if (type === 'FLOAT') appender.appendFloat(value as number)
      else if (type === 'BOOLEAN') appender.appendBoolean(value as boolean)
      else appender.appendVarchar(value as string)
    }
    appender.endRow()
  }
  appender.closeSync()
  await db.run(`COPY written TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`)
  await db.run('DROP TABLE written')
}
