import { describe, expect, it } from 'vitest'
import { findInstallation, installAdvice } from './installation.ts'

describe('installation', () => {
  it('finds none in a checkout', () => {
    expect(findInstallation()).toBeNull()
    expect(installAdvice('tensorflow')).toBe('Run npm run setup.')
  })

  it('names packages where the program came in one, and no npm', () => {
    for (const what of ['tensorflow', 'gpu', 'window', 'anew'] as const)
      for (const kind of ['package', 'folder'] as const)
        expect(installAdvice(what, { version: '1', electron: null, kind })).not.toMatch(/npm/)
    expect(installAdvice('tensorflow', { version: '1', electron: '39', kind: 'package' })).toMatch(
      /isogloss-tensorflow-cpu/,
    )
  })
})
