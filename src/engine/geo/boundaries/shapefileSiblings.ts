import { existsSync } from 'node:fs'

const beside = ['dbf', 'prj', 'cpg'] as const

/** Of a path that ends in .shp, the parts of the Shapefile that lie beside it, whatever the case of their endings; else none. */
export function shapefileSiblings(path: string): string[] {
  if (!/\.shp$/i.test(path)) return []
  const stem = path.slice(0, -3)
  return beside.flatMap((extension) => {
    const found = [extension, extension.toUpperCase()].map((name) => `${stem}${name}`).find((name) => existsSync(name))
    return found === undefined ? [] : [found]
  })
}
