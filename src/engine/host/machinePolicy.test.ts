import { readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { policySettings } from '#protocol/policy.ts'
import { readPolicy } from '#pure/readPolicy.ts'
import { applyPolicy, checkImportFrom, readPolicyFile } from './machinePolicy.ts'
import { newerVersion } from './newerVersion.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isogloss-policy-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function policyOf(text: string) {
  const file = join(folder, 'policy.yaml')
  await writeFile(file, text)
  await chmod(file, 0o644)
  return readPolicyFile(file)
}

describe('readPolicyFile', () => {
  it('is nothing where there is no file, or a file that sets nothing', async () => {
    expect(readPolicyFile(join(folder, 'none'))).toEqual({ policy: {}, report: null })
    expect((await policyOf('# nothing\n')).report).toBeNull()
  })

  it('tells what holds, whose it is, and who else could write it', async () => {
    const { report } = await policyOf('threads: 2\nimportFrom: [/a, /b]\n')
    expect(report?.settings).toEqual([
      { name: 'threads', value: '2' },
      { name: 'importFrom', value: '/a, /b' },
    ])
    expect(report?.owner).toBe(userInfo().uid === 0 ? 'root' : `the user number ${userInfo().uid}`)
    await chmod(report!.file, 0o666)
    expect(readPolicyFile(report!.file).report?.problems).toEqual([expect.stringMatching(/Anybody may write/)])
  })
})

describe('applyPolicy', () => {
  const applied = (policy: Parameters<typeof applyPolicy>[0], environment: NodeJS.ProcessEnv = {}) => {
    applyPolicy(policy, environment)
    return environment
  }

  it('lets a person ask for fewer threads, never for more', () => {
    expect(applied({ threads: 4 })['ISOGLOSS_THREADS']).toBe('4')
    expect(applied({ threads: 4 }, { ISOGLOSS_THREADS: '2' })['ISOGLOSS_THREADS']).toBe('2')
    expect(applied({ threads: 4 }, { ISOGLOSS_THREADS: '9' })['ISOGLOSS_THREADS']).toBe('4')
    expect(applied({ threads: 4 }, { TF_NUM_INTRAOP_THREADS: '3' })['ISOGLOSS_THREADS']).toBe('3')
    expect(applied({ threads: 4 }, { ISOGLOSS_THREADS: 'many' })['ISOGLOSS_THREADS']).toBe('4')
  })

  it('hides the GPU, and gives each person a cache', () => {
    expect(applied({ device: 'cpu' })['CUDA_VISIBLE_DEVICES']).toBe('')
    expect(applied({ device: 'auto' })).toEqual({})
    expect(applied({ cacheFolder: '/var/tmp/i' })['ISOGLOSS_CACHE']).toBe(`/var/tmp/i/${userInfo().username}`)
  })
})

describe('checkImportFrom', () => {
  it('admits what lies below a folder or in the project, by where links lead', async () => {
    const [corpora, elsewhere, project] = ['corpora', 'elsewhere', 'project'].map((name) => join(folder, name))
    for (const place of [corpora!, elsewhere!, project!]) {
      await mkdir(place)
      await writeFile(join(place, 'a.csv'), 'x')
    }
    await symlink(join(elsewhere!, 'a.csv'), join(corpora!, 'link.csv'))
    const policy = await policyOf(`importFrom: [${corpora}]`)
    const check = (file: string) => checkImportFrom([file], project!, policy)
    await expect(check(join(corpora!, 'a.csv'))).resolves.toBeUndefined()
    await expect(check(join(project!, 'a.csv'))).resolves.toBeUndefined()
    for (const file of [join(elsewhere!, 'a.csv'), join(corpora!, 'link.csv'), `${corpora}-more/a.csv`])
      await expect(check(file)).rejects.toMatchObject({ code: 'policy/import' })
  })

  it('takes a line that cannot be read for no permission', async () => {
    for (const text of ['importFrom: corpora', 'a: ['])
      await expect(checkImportFrom(['/x.csv'], null, await policyOf(text))).rejects.toMatchObject({
        code: 'policy/unusable',
      })
    await expect(checkImportFrom(['/x.csv'], null, await policyOf('threads: no'))).resolves.toBeUndefined()
  })
})

describe('newerVersion', () => {
  it('finds the newest package of a folder, and says so of a folder that is none', async () => {
    const lists = join(folder, 'apt/dists/stable/main/binary-amd64')
    await mkdir(lists, { recursive: true })
    const entry = (version: string) => `Package: isogloss\nArchitecture: amd64\nVersion: ${version}\nDepends: x\n`
    await writeFile(join(lists, 'Packages'), [entry('0.1.0+2'), entry('0.1.0+10'), entry('0.1.0')].join('\n'))
    expect((await newerVersion(join(folder, 'apt'), '0.1.0+9'))?.what).toMatch(/^Isogloss 0\.1\.0\+10 is in/)
    expect(await newerVersion(join(folder, 'apt'), '0.1.0+10')).toBeNull()
    expect((await newerVersion(join(folder, 'none'), '1'))?.what).toMatch(/cannot be read/)
  })
})

describe('the policy file of packages', () => {
  it('finds nothing set in the file that packages bring, and every setting named in it', () => {
    const text = readFileSync(new URL('../../../build/packages/debian/policy.yaml', import.meta.url), 'utf8')
    expect(readPolicy(text)).toEqual({ policy: {}, problems: [] })
    const all = text.replace(/^# (\w+: \S+(?: \S+\])?) +.*$/gm, '$1')
    const { policy, problems } = readPolicy(all)
    expect(problems).toEqual([])
    expect(Object.keys(policy).sort()).toEqual(Object.keys(policySettings).sort())
  })
})
