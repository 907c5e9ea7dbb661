import { readFile } from 'node:fs/promises'
import { protocol, type Session } from 'electron'
import { assetPath } from './assetPath.ts'

export const pageOrigin = 'app://isogloss'

/** Scripts, styles, data and images come from the program itself; inline code, eval, frames and forms do not exist. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the page's files under app://isogloss/, with its policy as a header. */
export function serveAppScheme(session: Session, root: string): void {
  session.protocol.handle('app', async ({ url }) => {
    const asset = url.startsWith(`${pageOrigin}/`) ? assetPath(url, root) : null
    if (!asset) return new Response('Not found', { status: 404 })
    try {
      const body = new Uint8Array(await readFile(asset.path))
      return new Response(body, {
        headers: {
          'content-type': asset.contentType,
          'content-security-policy': contentSecurityPolicy,
          'x-content-type-options': 'nosniff',
          'cross-origin-opener-policy': 'same-origin',
        },
      })
    } catch {
      return new Response('Not found', { status: 404 })
    }
  })
}
