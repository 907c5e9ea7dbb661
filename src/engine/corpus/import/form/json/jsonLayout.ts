import type { TextBlock } from '../../container/encoding/blockDecoder.ts'
import { linesOf } from '../lineRows.ts'
import { parseObject, type JsonObject } from './parseJson.ts'

/** How the objects of a JSON text lie in it. */
export interface JsonLayout {
  format: 'jsonl' | 'json' | 'geojson'
  /** Lines: an object a line. Objects: one after the other over any number of lines. List: in a list, perhaps within an object. */
  kind: 'lines' | 'objects' | 'list'
  /** The key of the list within an object, such as "features" or "data". */
  key: string | null
}

const looked = 1 << 16

/** Null where the text is no JSON. */
export function jsonLayout({ bytes, damaged }: TextBlock): JsonLayout | null {
  const start = bytes
    .toString('utf8', 0, looked)
    .replace(/^[\s\x1e]+/, '')
    .replace(/^(window\.YTD|var |const |let )[^=[{]*=\s*/, '')
  if (/^\[\s*[[{\]]/.test(start))
    return { format: isFeature(start.replace(/^\[\s*/, '')) ? 'geojson' : 'json', kind: 'list', key: null }
  if (!/^\{\s*("|\}|$)/.test(start)) return null
  const lines = linesOf({ bytes, damaged }, 20).filter((line) => line.trim() !== '')
  const objects = lines.map(parseObject).filter((object) => object !== null)
  const [first] = objects
  const keys = new Set(objects.map(listWithin))
  const key = first ? (keys.size === 1 ? [...keys][0]! : null) : wrapperKey(start)
  if (key !== null) return { format: key === 'features' ? 'geojson' : 'json', kind: 'list', key }
  if (first?.['type'] === 'Feature' || (!first && isFeature(start)))
    return { format: 'geojson', kind: 'objects', key: null }
  if (objects.length > 0) return { format: 'jsonl', kind: 'lines', key: null }
  return { format: 'json', kind: 'objects', key: null }
}

const isFeature = (text: string) => /^\{[^{}]*"type"\s*:\s*"Feature"/.test(text)

const wrappers = 'features|data|rows|items|results|records|documents|tweets|statuses'

/** An object that is an answer of a web service holds its rows in a list of objects: under a usual name, or with nothing beside it. */
function listWithin(object: JsonObject): string | null {
  const lists = Object.keys(object).filter((key) => {
    const value = object[key]
    return (
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item))
    )
  })
  const usual = wrappers.split('|').find((key) => lists.includes(key))
  if (usual !== undefined) return usual
  return lists.length === 1 && Object.keys(object).length === 1 ? lists[0]! : null
}

/** Of an object that is longer than what is looked at, or written over several lines: a usual key of its own with a list of objects. */
function wrapperKey(start: string): string | null {
  if (/^\{[^{}]*"type"\s*:\s*"FeatureCollection"/.test(start)) return 'features'
  let depth = 0
  for (const { 0: found, 1: key } of start.matchAll(
    new RegExp(`"(${wrappers})"\\s*:\\s*\\[\\s*(?=\\{)|"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"|[[\\]{}]`, 'gs'),
  )) {
    if (key !== undefined && depth === 1) return key
    if (key !== undefined || found === '[' || found === '{') depth++
    else if ((found === ']' || found === '}') && --depth === 0) return null
  }
  return null
}
