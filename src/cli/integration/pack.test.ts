import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { strToU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Comparison } from '#protocol/comparison.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { readArray } from '#engine/files/npy.ts'
import { isogloss, script, start } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

let directory: string
let project: string
let file: string
/** Lines of the corpus. */
let lines: string[]

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-pack-'))
  project = join(directory, 'project')
  const yaml = (await readFile(await smallExperiment(directory), 'utf8'))
    .replace(
      /^models:\n( {2}.*\n)+/m,
      'models: {nb: {method: naive-bayes}, near: {method: nearest-neighbour}, ngram: {method: ngram-softmax, decision: mean}}\n',
    )
    .replace(/^evaluation: .*$/m, 'evaluation: {resamples: 500, uncertainty: {}}')
  file = join(directory, 'small.yaml')
  await writeFile(file, yaml)
  const ran = await isogloss('run', file, '--project', project, '--json')
  expect(ran.code, ran.stderr).toBe(0)
  lines = gunzipSync(await readFile(join(directory, 'sample', 'test.txt.gz'))).toString().trimEnd().split('\n') // prettier-ignore
}, 120_000)
afterAll(() => rm(directory, { recursive: true, force: true }))

async function packed(name: string, ...options: string[]): Promise<string> {
  const out = join(directory, `${name}.zip`)
  const made = await isogloss('pack', '--project', project, '--out', out, ...options)
  expect(made.code, made.stderr).toBe(0)
  const opened = await isogloss('unpack', out, '--project', join(directory, name))
  expect(opened.code, opened.stderr).toBe(0)
  const verified = await isogloss('verify', '--project', join(directory, name))
  expect(verified.code, verified.stderr).toBe(0)
  return join(directory, name)
}

const compared = async (place: string) =>
  JSON.parse((await isogloss('compare', '--project', place, '--experiment', 'small', '--json')).stdout) as Comparison

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** A column of all Parquet files of a kind. */
async function columnOf(path: string, column: string): Promise<unknown[]> {
  const db = await openDuckDb({ allowedPaths: [path] })
  try {
    return (await db.rows(`SELECT "${column}" AS value FROM read_parquet('${path}')`)).map((row) => row['value'])
  } finally {
    db.close()
  }
}

it('a pack opens as the same project, with the same results to the last digit', async () => {
  const place = await packed('whole')
  expect(await compared(place)).toEqual(await compared(project))
  const run = (await readdir(join(project, 'runs')))[0]!
  const text = '{"text": "hello you"}\n'
  const answers = await Promise.all(
    [place, project].map((one) => start(['predict', '--project', one, '--run', run], text)),
  )
  expect(answers[0]!.stdout).toBe(answers[1]!.stdout)
  const again = await isogloss('pack', '--project', project, '--out', join(directory, 'whole.zip'))
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('export/exists') as string })
  const over = await isogloss('unpack', join(directory, 'whole.zip'), '--project', project)
  expect(over).toMatchObject({ code: 1, stderr: expect.stringContaining('project/folder-not-empty') as string })
}, 120_000)

it('without text nothing is left that gives it back, and results are the same', async () => {
  const place = await packed('textless', '--without-text')
  const { results } = await compared(place)
  expect(results).toEqual((await compared(project)).results)
  const corpus = join(place, 'corpora', (await readdir(join(place, 'corpora')))[0]!)
  for (const column of ['text', 'author'])
    expect(new Set(await columnOf(join(corpus, 'documents.parquet'), column))).toEqual(new Set(['']))
  const files = await filesBelow(place)
  const names = files.map((path) => path.slice(place.length))
  expect(names.filter((name) => /rejected|tokens|offsets|answers|checkpoint/.test(name))).toEqual([])
  // Neither two words after one another nor an author's name stands in any file.
  const wanted = lines.slice(0, 40).flatMap((line) => {
    const [author, , , text] = line.split('\t') as [string, string, string, string]
    return [author, text.slice(0, 30)]
  })
  for (const path of files) {
    const content = (await readFile(path)).toString('latin1')
    expect([path, wanted.filter((one) => content.includes(one))]).toEqual([path, []])
  }
  // The vectors of a nearest neighbour are the documents.
  expect(names.filter((name) => /(columns|values)\.npy$/.test(name) && name.includes('/model/')).length).toBeLessThan(
    (await filesBelow(project)).filter((name) => /\/model\/(columns|values)\.npy$/.test(name)).length,
  )
  const yaml = (await readFile(join(place, 'experiments', 'small.yaml'), 'utf8')).replace(
    'decision: mean',
    'decision: median',
  )
  await writeFile(join(place, 'experiments', 'small.yaml'), yaml)
  const other = await isogloss('run', join(place, 'experiments', 'small.yaml'), '--project', place)
  expect(other.code).toBe(1)
  expect(other.stderr).toMatch(/corpus\/no-texts/)
}, 120_000)

it('rounds every place that comes from a document', async () => {
  const km = 50
  const place = await packed('rounded', '--round-coordinates', String(km))
  const step = (180 * km) / (Math.PI * 6371)
  const isRounded = (degrees: unknown) => Math.abs(Number(degrees) / step - Math.round(Number(degrees) / step)) < 1e-6
  const corpus = join(place, 'corpora', (await readdir(join(place, 'corpora')))[0]!, 'documents.parquet')
  expect((await columnOf(corpus, 'lat')).every(isRounded)).toBe(true)
  const before = join(project, corpus.slice(place.length))
  expect(new Set(await columnOf(corpus, 'lon')).size).toBeLessThan(new Set(await columnOf(before, 'lon')).size)
  for (const run of await readdir(join(place, 'runs'))) {
    const path = join(place, 'runs', run, 'predictions.parquet')
    for (const column of ['lat', 'guessLat']) expect((await columnOf(path, column)).every(isRounded)).toBe(true)
    const errorsKm = await columnOf(join(project, 'runs', run, 'predictions.parquet'), 'errorKm')
    expect(await columnOf(path, 'errorKm')).not.toEqual(errorsKm)
  }
  for (const path of (await filesBelow(place)).filter((name) => /(decision-lat|sites)\.npy$/.test(name))) {
    const { values } = path.endsWith('sites.npy')
      ? await readArray(path, Float64Array, [null, 2])
      : await readArray(path, Float64Array)
    const lats = path.endsWith('sites.npy') ? values.filter((_, i) => i % 2 === 0) : values
    expect(lats.every(isRounded)).toBe(true)
  }
  const exact = new Set(lines.map((line) => line.split('\t')[1]!))
  for (const path of (await filesBelow(place)).filter((name) => name.endsWith('labels.json')))
    for (const { lat } of (JSON.parse(await readFile(path, 'utf8')) as { labels: { lat: number }[] }).labels)
      expect(exact.has(String(lat))).toBe(false)
  const comparison = await compared(place)
  expect(comparison.warnings.join()).toContain('Coordinates are rounded to 50 km')
}, 120_000)

it('one run goes with what it was made from, and nothing else', async () => {
  const { results } = await compared(project)
  const row = results.find(({ labels, model }) => labels === 'kd' && model === 'nb')!
  const run = 'runs' in row ? row.runs[0]! : ''
  const place = await packed('one', '--run', run)
  expect(await readdir(join(place, 'runs'))).toEqual([run])
  expect(await readdir(join(place, 'labels'))).toHaveLength(1)
  expect((await compared(place)).results.find(({ labels, model }) => labels === 'kd' && model === 'nb')).toMatchObject({
    meanErrorKm: row.meanErrorKm,
  })
}, 120_000)

it('a pack that leaves its folder, grows or was changed is refused, and leaves nothing', async () => {
  const whole = unzipSync(await readFile(join(directory, 'whole.zip')))
  const list = JSON.parse(Buffer.from(whole['pack.json']!).toString()) as {
    files: { path: string; bytes: number; sha256: string }[]
  }
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  const evil = strToU8('evil')
  const entry = (path: string, bytes = evil) => ({ path, bytes: bytes.length, sha256: sha256(bytes) })
  const withFiles = (more: Record<string, Uint8Array>, listed: { path: string }[]) => ({
    ...whole,
    ...more,
    'pack.json': strToU8(JSON.stringify({ ...list, files: [...list.files, ...listed] })),
  })
  const changed = { ...whole, 'project.json': strToU8(Buffer.from(whole['project.json']!).toString().replace('project', 'projecT')) } // prettier-ignore
  const packs: [string, Record<string, Uint8Array>, RegExp][] = [
    ['up', withFiles({ '../evil.txt': evil }, [entry('../evil.txt')]), /pack\/(unsafe|not-a-pack)/],
    ['listed-up', withFiles({}, [entry('a/../../evil.txt')]), /pack\/unsafe: .*outside/],
    ['absolute', withFiles({ '/tmp/evil.txt': evil }, [entry('/tmp/evil.txt')]), /pack\/(unsafe|not-a-pack)/],
    ['unlisted', withFiles({ 'evil.txt': evil }, []), /pack\/unsafe: .*does not list/],
    ['twice', withFiles({ 'PROJECT.json': evil }, [entry('PROJECT.json')]), /pack\/unsafe: .*two files/],
    ['lacking', withFiles({}, [entry('evil.txt')]), /pack\/not-a-pack: .*lacks evil.txt/],
    ['changed', changed, /pack\/damaged: project.json/],
    ['longer', withFiles({ 'big.bin': new Uint8Array(1 << 20) }, [entry('big.bin')]), /pack\/unsafe/],
    ['no-pack', { 'a.txt': evil }, /pack\/not-a-pack: .*pack.json/],
  ]
  await mkdir(join(directory, 'refused'))
  for (const [name, files, said] of packs) {
    const path = join(directory, `${name}.zip`)
    await writeFile(path, zipSync(files))
    const { code, stderr } = await isogloss('unpack', path, '--project', join(directory, 'refused', name))
    expect([name, code]).toEqual([name, 1])
    expect(stderr).toMatch(said)
  }
  // A bomb: much less than it claims, and claims that its list repeats.
  const bomb = zipSync({ 'pack.json': strToU8(JSON.stringify({ ...list, files: [{ path: 'big.bin', bytes: 4e12, sha256: sha256(evil) }] })), 'big.bin': evil }) // prettier-ignore
  await writeFile(join(directory, 'bomb.zip'), bomb)
  const refused = await isogloss('unpack', join(directory, 'bomb.zip'), '--project', join(directory, 'refused', 'bomb'))
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/pack\/unsafe/) as string })
  await writeFile(join(directory, 'cut.zip'), (await readFile(join(directory, 'whole.zip'))).subarray(0, 5000))
  const cut = await isogloss('unpack', join(directory, 'cut.zip'), '--project', join(directory, 'refused', 'cut'))
  expect(cut).toMatchObject({ code: 1, stderr: expect.stringMatching(/pack\/not-a-pack/) as string })
  expect(await readdir(join(directory, 'refused'))).toEqual([])
  expect((await readdir(directory)).filter((name) => name.includes('.tmp-') || name === 'evil.txt')).toEqual([])
}, 120_000)

it.runIf(process.platform === 'linux')(
  'scripts for a cluster bring the project along: unpacked elsewhere, a task makes there what is missing',
  async () => {
    const carried = join(directory, 'carried.yaml')
    const yaml = (await readFile(file, 'utf8')).replace('name: small', 'name: carried')
    await writeFile(
      carried,
      yaml
        .replace(/^models: .*$/m, 'models: {other: {method: naive-bayes, smoothing: 0.5}}')
        .replace('matrix: {seeds', 'matrix: {labels: [kd], seeds'),
    )
    const site = join(directory, 'slurm.yaml')
    const scripts = join(directory, 'scripts of mine')
    const run = (...args: string[]) =>
      start(['run', carried, '--project', project, '--slurm', ...args], '', undefined, { PATH: '' })
    expect((await run('--site', 'nowhere.yaml')).stderr).toMatch(
      /^cluster\/no-site: .*nowhere\.yaml cannot be read \(ENOENT\)/m,
    )
    await writeFile(site, JSON.stringify({ isogloss: `${process.execPath} ${script}` }))
    expect((await run()).stderr).toMatch(/^cluster\/no-sbatch: /m)
    const written = await run('--write', scripts, '--json')
    expect(written.code, written.stderr).toBe(0)
    expect(JSON.parse(written.stdout)).toMatchObject({
      submitted: false,
      pack: join(scripts, 'project.zip'),
      jobs: [{ tasks: ['kd/other'] }],
    })

    // On a machine that has neither the project nor the corpus, with an sbatch that says what it was told.
    const there = await mkdtemp(join(tmpdir(), 'isogloss-cluster-'))
    try {
      const bin = join(there, 'bin')
      await mkdir(bin)
      await writeFile(join(bin, 'sbatch'), `#!/bin/sh\nprintf '%s\\n' "$@" > '${there}/told'\necho 7\n`, {
        mode: 0o755,
      })
      const folder = join(there, 'scripts of mine')
      await rename(scripts, folder)
      const place = join(there, 'their project')
      const bash = (...args: string[]) =>
        promisify(execFile)('bash', args, {
          env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, SLURM_ARRAY_TASK_ID: '0' },
        })
      await bash(join(folder, 'submit.sh'), place)
      const where = [place, join(place, 'experiments', 'carried.yaml'), folder]
      expect((await readFile(join(there, 'told'), 'utf8')).trim().split('\n').slice(-4)).toEqual([
        'compare.sbatch',
        ...where,
      ])
      expect(await readFile(join(place, 'slurm', 'carried', '1', 'jobs.txt'), 'utf8')).toBe('7 runs-1\n7 compare\n')
      await bash(join(folder, '01-runs-1.sbatch'), ...where)
      expect(await readdir(join(place, 'runs'))).toHaveLength((await readdir(join(project, 'runs'))).length + 1)
      expect((await run('--write', folder)).stderr).toMatch(/^cluster\/submitted-before: /m)
    } finally {
      await rm(there, { recursive: true, force: true })
    }
  },
  120_000,
)
