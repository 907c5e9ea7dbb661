import { createRequire } from 'node:module'
import type bindings from '@duckdb/node-bindings'

/**
 * DuckDB, loaded when a table is first read or written: its library takes a quarter of a second and 25 MiB. Both packages are
 * CommonJS; importing them as ES modules would take three times as long, since Node then parses their files for names first.
 */
const require = createRequire(import.meta.url)

export const duckDbApi = () => require('@duckdb/node-api') as typeof import('@duckdb/node-api')
export const duckDbBindings = () => require('@duckdb/node-bindings') as typeof bindings
