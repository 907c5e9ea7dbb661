import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from './command.mjs'
import { root } from './paths.mjs'
import { downloadAdvice, electronDownloadEnvironment } from './proxy.mjs'

describe('electronDownloadEnvironment', () => {
  it.each([
    [{ HTTPS_PROXY: 'http://proxy.example:3128' }, 'http://proxy.example:3128'],
    [{ https_proxy: 'http://a:b@proxy.example:3128/' }, 'http://a:b@proxy.example:3128/'],
    [{ https_proxy: 'proxy.example:3128' }, 'http://proxy.example:3128'],
    [{ ALL_PROXY: 'socks5://proxy.example', npm_config_https_proxy: 'http://proxy.example' }, 'http://proxy.example'],
  ])('uses the proxy of %j', (env, proxy) => {
    expect(electronDownloadEnvironment(env)).toEqual({ ELECTRON_GET_USE_PROXY: '1', HTTPS_PROXY: proxy })
  })

  it('changes nothing where none is named, or the user has decided', () => {
    expect(electronDownloadEnvironment({ HTTP_PROXY: '', ELECTRON_MIRROR: 'https://mirror.example/' })).toEqual({})
    expect(electronDownloadEnvironment({ HTTPS_PROXY: 'http://p', ELECTRON_GET_USE_PROXY: 'true' })).toEqual({})
  })

  it("makes Electron's downloader ask the proxy", async () => {
    const asked: string[] = []
    const proxy = createServer((socket) => {
      socket.once('data', (data) => {
        asked.push(data.toString().split('\r\n', 1)[0]!)
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      })
      socket.on('error', () => undefined)
    })
    await once(proxy.listen(0, '127.0.0.1'), 'listening')
    try {
      const { port } = proxy.address() as { port: number }
      const env = {
        https_proxy: `127.0.0.1:${port}`,
        NO_PROXY: '',
        no_proxy: '',
        ELECTRON_MIRROR: 'https://mirror.example/electron/',
      }
      const program = `require(${JSON.stringify(join(root, 'node_modules/@electron/get'))}).downloadArtifact({ version: '1.2.3', artifactName: 'electron', force: true, unsafelyDisableChecksums: true, downloadOptions: { retry: 0 } }).catch(() => process.exit(1))`
      const { code } = await run(process.execPath, ['-e', program], {
        env: { ...env, ...electronDownloadEnvironment(env) },
        timeoutMs: 20_000,
      })
      expect(code).toBe(1)
      expect(asked[0]).toBe('CONNECT mirror.example:443 HTTP/1.1')
    } finally {
      proxy.close()
    }
  })
})

describe('downloadAdvice', () => {
  it('says how it was tried and what to do, and no password', () => {
    expect(downloadAdvice({})).toBe(
      'It was tried without a proxy, from its makers. What helps: behind a proxy, set HTTPS_PROXY=http://HOST:PORT; with a mirror, set ELECTRON_MIRROR=https://HOST/FOLDER/; then run "npm run setup" again.',
    )
    const advice = downloadAdvice({
      https_proxy: 'http://me:secret@p:1',
      ELECTRON_MIRROR: 'https://me:secret@mirror.example/e/',
    })
    expect(advice).toMatch(/through the proxy .*, from the mirror https:\/\/mirror\.example\/e\//)
    expect(advice).not.toMatch(/secret/)
  })
})
