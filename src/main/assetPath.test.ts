import { describe, expect, it } from 'vitest'
import { assetPath } from './assetPath.ts'

describe('assetPath', () => {
  it('finds the page and its parts', () => {
    expect(assetPath('app://isogloss/', '/opt/page')).toEqual({
      path: '/opt/page/index.html',
      contentType: 'text/html; charset=utf-8',
    })
    expect(assetPath('app://isogloss/assets/a%20b.js?x=1', '/opt/page')?.path).toBe('/opt/page/assets/a b.js')
  })

  it.each([
    'app://isogloss/..%2f..%2fetc/secret.json',
    'app://isogloss/..%2fpage-secret/x.json',
    'app://isogloss/a%00.js',
    'app://isogloss/%',
    'app://isogloss/etc/passwd',
  ])('refuses %s', (url) => {
    expect(assetPath(url, '/opt/page')).toBeNull()
  })
})
