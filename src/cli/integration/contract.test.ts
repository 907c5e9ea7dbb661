import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Comparison, ComparisonSlices } from '#protocol/comparison.ts'
import { isogloss, start } from './commandLine.ts'
import { slicedExperiment, smallExperiment } from './experiment.ts'

/** The JSON of the command line is a contract: scripts of other people read it. */
describe('the command line', () => {
  let directory: string
  let project: string
  let file: string

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'isogloss-cli-'))
    project = join(directory, 'project')
    file = await smallExperiment(directory)
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  it('prints the plan without doing anything', async () => {
    const { code, stdout } = await isogloss('run', file, '--project', project, '--dry-run', '--json')
    expect(code).toBe(0)
    const { steps } = JSON.parse(stdout) as { steps: { stage: string; state: string }[] }
    expect(steps.map(({ stage }) => stage)).toEqual([
      'import',
      'vocabulary',
      'labels',
      'labels',
      'embedding',
      ...Array<string>(4).fill('training'),
    ])
    expect(steps.every(({ state }) => state === 'missing')).toBe(true)
  })

  it('fits labels and writes who got which', async () => {
    const { code, stdout } = await isogloss('labels', file, '--project', project, '--json')
    expect(code).toBe(0)
    const { labels } = JSON.parse(stdout) as { labels: Record<string, unknown>[] }
    expect(labels.map(({ name }) => name)).toEqual(['kd', 'p2c'])
    for (const set of labels) {
      expect(set).toMatchObject({
        id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
        labelCount: expect.any(Number) as number,
        meanToCentreKm: expect.any(Number) as number,
        centreToCityKm: expect.any(Number) as number,
        oracleMedianKm: expect.any(Number) as number,
      })
      const lines = (await readFile(String(set['assignments']), 'utf8')).trimEnd().split('\n')
      expect(lines[0]).toBe('split,row,label')
      expect(lines).toHaveLength(301)
      expect(lines[1]).toMatch(/^train,0,\d+$/)
    }
  })

  it('sweeps the sizes of labels', async () => {
    const sweepOf = async (...more: string[]) => {
      const { code, stdout, stderr } = await isogloss(
        'labels',
        file,
        '--project',
        project,
        '--sweep',
        '--json',
        ...more,
      )
      expect(code, stderr).toBe(0)
      return (JSON.parse(stdout) as { sweep: Record<string, unknown>[] }).sweep
    }
    const number = expect.any(Number) as number
    const oracle = { accuracyAt161Km: number, meanErrorKm: number, medianErrorKm: number }
    const figures = {
      labelCount: number,
      meanToCentreKm: number,
      medianToCentreKm: number,
      centreToCityKm: number,
      oracle: { train: oracle, dev: oracle, test: oracle },
    }
    const sweep = await sweepOf('--buckets', '100,40', '--radii', '200')
    expect(sweep).toEqual([
      { method: 'kd-tree', bucket: 40, ...figures },
      { method: 'kd-tree', bucket: 100, ...figures },
      { method: 'point2city', radiusKm: 200, ...figures },
    ])
    // The experiment's own schemes have bucket 40 and radius 200 km.
    const { labels } = JSON.parse((await isogloss('labels', file, '--project', project, '--json')).stdout) as {
      labels: Record<string, unknown>[]
    }
    for (const [row, set] of [
      [sweep[0]!, labels[0]!],
      [sweep[2]!, labels[1]!],
    ] as const) {
      for (const key of Object.keys(figures)) expect(row[key]).toEqual(set[key])
    }
    expect((await sweepOf()).map(({ method }) => method)).toEqual(['kd-tree', ...Array<string>(6).fill('point2city')])

    const table = await isogloss('labels', file, '--project', project, '--sweep', '--buckets', '40', '--radii', '200')
    expect(table.stdout).toMatch(/^labels +count +mean to centre km .*oracle test Acc@161/)
    expect(table.stdout).toMatch(/^k-d bucket 40 +\d+ /m)
    expect(table.stdout).toMatch(/^P2C 200 km +\d+ /m)
    for (const wrong of [
      ['--sweep', '--buckets', '5,x'],
      ['--sweep', '--buckets', '2.5'],
      ['--sweep', '--radii', '0'],
      ['--radii', '5'],
    ]) {
      expect((await isogloss('labels', file, '--project', project, ...wrong)).code).toBe(2)
    }
  }, 120_000)

  it('runs the matrix, and does nothing twice', async () => {
    const first = await isogloss('run', file, '--project', project, '--json')
    expect(first.stderr).toMatch(/^\d+ /m)
    expect(first.code, first.stderr).toBe(0)
    const { experiment, runs } = JSON.parse(first.stdout) as {
      experiment: string
      runs: { id: string; status: string }[]
    }
    expect(experiment).toBe('small')
    expect(runs).toHaveLength(4)
    expect(runs.every(({ status }) => status === 'finished')).toBe(true)

    const again = await isogloss('run', file, '--project', project, '--json')
    expect(again.stdout).toBe(first.stdout)
    expect(again.stderr).not.toMatch(/: done/)

    const compared = await isogloss('compare', '--project', project, '--json')
    const comparison = JSON.parse(compared.stdout) as {
      test: { documents: number; unit: string }
      results: {
        labels: string | null
        model: string
        labelCount: number | null
        accuracyAt161Km: number
        coordinatesHead?: unknown
      }[]
      differences: { a: string; b: string; p: number }[]
    }
    expect(comparison.test).toMatchObject({ documents: 30, unit: 'author' })
    expect(comparison.results.map(({ labels, model }) => `${labels}/${model}`).sort()).toEqual(
      ['kd/largest-label', 'kd/mtl', 'kd/stl', 'null/median-point', 'p2c/largest-label', 'p2c/mtl', 'p2c/stl'].sort(),
    )
    // One seed: a share of 30 documents.
    for (const { accuracyAt161Km } of comparison.results) {
      expect(accuracyAt161Km).toBeLessThanOrEqual(1)
      expect(30 * accuracyAt161Km).toBeCloseTo(Math.round(30 * accuracyAt161Km), 9)
    }
    // Six pairs by three metrics, and the two pairs within a scheme by accuracy.
    expect(comparison.differences).toHaveLength(20)

    const latex = await isogloss('export', '--project', project, '--format', 'latex')
    expect(latex.stdout).toContain('\\toprule')

    const territories = await isogloss('export', '--project', project, '--format', 'geojson', '--labels', 'kd')
    const { type, features } = JSON.parse(territories.stdout) as {
      type: string
      features: { geometry: { type: string } }[]
    }
    expect(type).toBe('FeatureCollection')
    expect(features).toHaveLength(comparison.results.find(({ labels }) => labels === 'kd')!.labelCount!)
    expect(features[0]!.geometry.type).toBe('MultiPolygon')
    const unknown = await isogloss('export', '--project', project, '--format', 'geojson', '--labels', 'nope')
    expect([unknown.code, unknown.stdout]).toEqual([1, ''])
    expect(unknown.stderr).toMatch(/^labels\/unknown: .*kd, p2c/m)

    const vectors = join(directory, 'vectors.txt')
    expect((await isogloss('export', '--project', project, '--format', 'word2vec', '--out', vectors)).code).toBe(0)
    const rows = (await readFile(vectors, 'utf8')).trimEnd().split('\n')
    expect(rows[0]).toBe(`${rows.length - 1} 16`)
    const twice = await isogloss('export', '--project', project, '--format', 'word2vec', '--out', vectors)
    expect(twice.stderr).toMatch(/^export\/exists: /m)

    for (const figure of ['labels', 'error-map', 'error-tail', 'learning-curves', 'comparison']) {
      const out = join(directory, `${figure}.svg`)
      const drawn = await isogloss('export', '--project', project, '--figure', figure, '--labels', 'kd', '--out', out)
      expect(drawn.code, drawn.stderr).toBe(0)
      expect(await readFile(out, 'utf8')).toMatch(/^<svg [^>]*width="160mm"/)
    }
    const pdf = await isogloss('export', '--project', project, '--figure', 'labels', '--labels', 'kd', '--out', 'a.pdf')
    expect(pdf.stderr).toMatch(/^export\/unknown-format: .*\.svg or \.png/m)
  }, 120_000)

  it('names damaged files, works round them, and makes them again', async () => {
    const whole = await isogloss('verify', '--project', project, '--json')
    expect(whole.code, whole.stderr).toBe(0)
    expect(JSON.parse(whole.stdout)).toEqual({
      artefacts: 9,
      files: expect.any(Number) as number,
      bytes: expect.any(Number) as number,
      damaged: [],
    })
    expect((await isogloss('verify', '--project', project)).stdout).toMatch(
      /^9 artefacts, \d+ files, .*: all as they were written\.$/m,
    )

    // What is kept to be quick is used while it is whole, and made again in silence.
    const experiments = join(project, 'experiments')
    const caches = ['small.comparison.json', 'small.sweep.json'].map((name) => join(experiments, name))
    const compared = await isogloss('compare', '--project', project, '--json')
    const sweep = () => isogloss('labels', file, '--project', project, '--sweep', '--json')
    const swept = await sweep()
    const madeAt = await Promise.all(caches.map(async (path) => (await stat(path)).mtimeMs))
    expect((await isogloss('compare', '--project', project, '--json')).stdout).toBe(compared.stdout)
    expect((await sweep()).stdout).toBe(swept.stdout)
    expect(await Promise.all(caches.map(async (path) => (await stat(path)).mtimeMs))).toEqual(madeAt)
    for (const path of [...caches, join(experiments, 'sources.json')]) await truncate(path, 1)
    expect((await isogloss('compare', '--project', project, '--json')).stdout).toBe(compared.stdout)
    expect((await sweep()).stdout).toBe(swept.stdout)

    const [run] = await readdir(join(project, 'runs'))
    const [corpus] = await readdir(join(project, 'corpora'))
    await truncate(join(project, 'runs', run!, 'predictions.parquet'))
    await writeFile(join(project, 'corpora', corpus!, 'manifest.json'), '{}')
    const damaged = await isogloss('verify', '--project', project)
    expect(damaged.code).toBe(1)
    expect(damaged.stdout).toMatch(new RegExp(`^corpora/${corpus}/manifest\\.json: does not hold what it should`, 'm'))
    expect(damaged.stdout).toMatch(new RegExp(`^runs/${run}/predictions\\.parquet: has 0 bytes, expected \\d+$`, 'm'))
    const predicted = await start(['predict', '--project', project, '--run', run!], '{"text": "hella"}')
    expect(predicted.stderr).toMatch(/^artefact\/damaged: The run .* predictions\.parquet has 0 bytes/m)

    const plan = await isogloss('run', file, '--project', project, '--dry-run')
    expect(plan.stdout).toMatch(/^"Import the corpus" is damaged and made again: manifest\.json does not/m)
    const again = await isogloss('run', file, '--project', project)
    expect(again.code, again.stderr).toBe(0)
    expect(again.stderr).toMatch(/note: "Import the corpus" is there and damaged \(manifest\.json does not/)
    expect(again.stderr.match(/: done$/gm)).toHaveLength(2)
    expect((await isogloss('compare', '--project', project, '--json')).stdout).toBe(compared.stdout)
    expect((await isogloss('verify', '--project', project)).code).toBe(0)
  }, 120_000)

  it('predicts from JSON lines, plain lines and tables, and a bad line costs itself', async () => {
    const [run] = (await readdir(join(project, 'runs'))) as [string]
    const lines = [{ text: 'wicked yinz y\u2019all 😀' }, { text: '' }].map((line) => JSON.stringify(line)).join('\n')
    const predicted = await start(['predict', '--project', project, '--run', run], lines)
    const answers = predicted.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; probabilities: [string, number][] })
    expect(answers).toHaveLength(2)
    for (const { probabilities } of answers) expect(probabilities[0]![1]).toBeGreaterThan(0)

    const halfGood = await start(['predict', '--project', project, '--run', run], '{"text": "hella"}\nnonsense\n')
    expect(halfGood.code).toBe(0)
    expect(halfGood.stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(halfGood.stderr).toMatch(/^Line 2 of the input is not JSON.*\n1 of 2 lines could not be answered/)
    const noneGood = await start(['predict', '--project', project, '--run', run], 'nonsense\n')
    expect([noneGood.code, noneGood.stdout]).toEqual([1, ''])
    expect(noneGood.stderr).toMatch(/^predict\/not-json: .*Line 1 .*Expected \{"text"/m)

    const plain = await start(['predict', '--project', project, '--run', run, '--plain'], '\ufeffhella "tired"\r\n')
    expect(
      plain.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { label: string }),
    ).toHaveLength(1)
    const table = await start(
      ['predict', '--project', project, '--run', run, '--text', 'message'],
      'id;message;lat\n7;"hella; so";1\n8;;2\n',
    )
    const [head, row, unanswered] = table.stdout.split('\n')
    expect(head).toBe('id;message;lat;predicted_lat;predicted_lon;predicted_label;predicted_name;predicted_probability')
    expect(row).toMatch(/^7;"hella; so";1;-?[\d.]+;-?[\d.]+;\d+;[^;]+;0?\.\d+(e-\d+)?$/)
    expect(unanswered).toBe('8;;2;;;;;')
    expect(table.stderr).toMatch(/Line 3 .*"message"/)
  }, 120_000)

  it('tells results by a further column of the corpus', async () => {
    const sliced = join(directory, 'sliced')
    const ran = await isogloss('run', await slicedExperiment(directory), '--project', sliced, '--json')
    expect(ran.code, ran.stderr).toBe(0)
    const whole = JSON.parse((await isogloss('compare', '--project', sliced, '--json')).stdout) as Comparison
    const { column, slices } = JSON.parse(
      (await isogloss('compare', '--project', sliced, '--by', 'sex', '--json')).stdout,
    ) as ComparisonSlices
    expect(column).toBe('sex')
    expect(slices.map(({ value }) => value).sort()).toEqual(['f', 'm', null])
    for (const [i, { labels, model, meanErrorKm }] of slices[0]!.results.entries()) {
      const all = whole.results.find((row) => row.labels === labels && row.model === model)!
      const sum = slices.reduce((total, slice) => total + slice.documents * slice.results[i]!.meanErrorKm, 0)
      expect(sum / whole.test.documents).toBeCloseTo(all.meanErrorKm, 6)
      expect(meanErrorKm).not.toBe(all.meanErrorKm)
    }
    expect((await isogloss('compare', '--project', sliced, '--by', 'sex')).stdout).toMatch(/^m +\d+ +kd mtl +\d/m)
    const wrong = await isogloss('compare', '--project', sliced, '--by', 'age')
    expect([wrong.code, wrong.stdout]).toEqual([1, ''])
    expect(wrong.stderr).toMatch(/^corpus\/no-column: .*it has sex/m)
  })

  it('answers wrong usage with 2 and wrong input with 1, in words', async () => {
    expect((await isogloss('--help')).code).toBe(0)
    expect((await isogloss('--version')).stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/)
    expect((await isogloss('rum')).code).toBe(2)
    expect((await isogloss('run')).code).toBe(2)
    expect((await isogloss('predict', '--project', project, '--run', 'x')).code).toBe(2)
    const missing = await isogloss('run', join(directory, 'none.yaml'), '--project', project)
    expect([missing.code, missing.stdout]).toEqual([1, ''])
    expect(missing.stderr).toMatch(/^experiment\/not-found: .*none\.yaml/m)
    const noProject = await isogloss('compare', '--project', join(directory, 'nowhere'))
    expect(noProject.code).toBe(1)
    expect(noProject.stderr).toMatch(/^project\/not-found: /m)
  })
})
