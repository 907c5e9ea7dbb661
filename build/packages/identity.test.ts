import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { findProgram } from '../setup/command.mjs'
import { identityOf } from './identity.mjs'

const checkout = { version: '0.1.0', commit: '1ac80d2f00', epochS: 1795700000, tags: [''], modified: false }

describe('identityOf', () => {
  it('names a release by its version alone', () => {
    expect(identityOf({ ...checkout, tags: ['v0.1.0'] }, false)).toEqual({
      name: 'isogloss',
      version: '0.1.0',
      epochS: 1795700000,
    })
  })

  it('names another commit by its time, changes by themselves, and the runtime for tests in name and version', () => {
    expect(identityOf(checkout, false).version).toBe('0.1.0+20261126133320.1ac80d2')
    expect(identityOf({ ...checkout, tags: ['v0.1.0'], modified: true }, false).version).toMatch(
      /\+\d+\.1ac80d2\.modified$/,
    )
    const tests = identityOf({ ...checkout, tags: ['v0.1.0'] }, true)
    expect(tests).toMatchObject({ name: 'isogloss-for-tests', version: '0.1.0+for-tests' })
  })

  it.skipIf(!findProgram('dpkg'))('lets dpkg sort commits by their time, between their release and the next', () => {
    const versions = [
      identityOf({ ...checkout, tags: ['v0.1.0'] }, false),
      identityOf(checkout, false),
      identityOf({ ...checkout, commit: '0000000', epochS: checkout.epochS + 1 }, false),
      identityOf({ ...checkout, version: '0.1.1', tags: ['v0.1.1'] }, false),
    ].map(({ version }) => version)
    versions.slice(1).forEach((version, i) => {
      const args = ['--compare-versions', versions[i]!, 'lt', version]
      expect(() => execFileSync('dpkg', args), `${versions[i]} < ${version}`).not.toThrow()
    })
  })
})
