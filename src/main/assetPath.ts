import { extname, join, normalize, sep } from 'node:path'

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
}

/**
 * The file behind a URL of the page.
 * @param root folder of the page's files, absolute
 * @returns null for a URL that leads out of the folder or to a kind of file that the page does not have
 */
export function assetPath(url: string, root: string): { path: string; contentType: string } | null {
  let pathname: string
  try {
    pathname = decodeURIComponent(new URL(url).pathname)
  } catch {
    return null
  }
  if (pathname.includes('\0')) return null
  const path = normalize(join(root, pathname === '/' ? 'index.html' : pathname))
  const contentType = contentTypes[extname(path)]
  return path.startsWith(root + sep) && contentType ? { path, contentType } : null
}
