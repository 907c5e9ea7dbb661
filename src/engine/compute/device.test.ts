import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cacheDirectory, freeDiskMiB, hasDisplay } from './device.ts'

describe('device', () => {
  it('puts the cache where the XDG standard says', () => {
    expect(cacheDirectory({ XDG_CACHE_HOME: '/somewhere' })).toBe('/somewhere/isogloss')
    expect(cacheDirectory({ XDG_CACHE_HOME: '' })).toMatch(/\/\.cache\/isogloss$/)
  })

  it('measures the disk of a folder that does not exist yet', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'isogloss-'))
    expect(await freeDiskMiB(join(folder, 'not', 'yet'))).toBeCloseTo(await freeDiskMiB(folder), -3)
    expect(await freeDiskMiB(folder)).toBeGreaterThan(0)
  })

  it('asks for a display on Linux only', () => {
    expect(hasDisplay({}, 'linux')).toBe(false)
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true)
    expect(hasDisplay({}, 'darwin')).toBe(true)
  })
})
