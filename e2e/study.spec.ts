import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { quietContext } from '../src/engine/context.ts'
import { generateSample } from '../src/engine/corpus/sample/generateSample.ts'
import { launch, type Launched } from './launch.ts'
import { answerDialog, chooseTheme, expectAccessible, reachAndPress, resize } from './person.ts'

/** One study from an empty folder to its comparison, by keyboard alone; the tests go on from one another. */

const screenshots = join(resolve(import.meta.dirname, '..'), 'test-results', 'screenshots')
let directory: string
let project: string
let corpus: string
let open: Launched

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  await mkdir(screenshots, { recursive: true })
  directory = await mkdtemp(join(tmpdir(), 'isogloss-study-'))
  project = join(directory, 'a study')
  corpus = join(directory, 'corpus')
  await Promise.all([project, corpus].map((folder) => mkdir(folder)))
  await generateSample({ directory: corpus, authors: 300, seed: 3 }, quietContext)
  open = await launch()
})
test.afterAll(async () => {
  // Killed: a job that still runs would ask before a quit.
  open.app.process().kill('SIGKILL')
  await rm(directory, { recursive: true, force: true })
})

const small = `
preprocess: {minFrequency: 2, maxWords: 60}
labels: {kd: {method: kd-tree, bucket: 40}, p2c: {method: point2city, radiusKm: 200}}
embeddings: {method: skip-gram, dimensions: 16, epochs: 2}
models:
  stl: {method: attention-cnn, tasks: [labels], epochs: 40, patience: 40, filters: [16, 16], attentionUnits: 8}
  mtl: {method: attention-cnn, tasks: [labels, coordinates], epochs: 3, filters: [16, 16], attentionUnits: 8}
matrix: {seeds: [1]}
evaluation: {resamples: 500}
`

test('a project is created and a corpus imported', async () => {
  const { app, page } = open
  await answerDialog(app, [project])
  await page.keyboard.press('Control+n')
  await expect(page.getByRole('navigation').getByText('a study')).toBeVisible({ timeout: 30_000 })

  await answerDialog(app, [join(corpus, 'train.txt.gz'), join(corpus, 'test.txt.gz')])
  await reachAndPress(page, /^Choose files/)
  await expect(page.getByRole('heading', { name: 'First rows' })).toBeVisible({ timeout: 30_000 })
  await page.screenshot({ path: join(screenshots, 'import.png') })
  await expectAccessible(page, 'import')
  await reachAndPress(page, /^Import 2 files/)
  await expect(page.getByRole('heading', { name: 'Imported' })).toBeVisible({ timeout: 60_000 })
  expect(await readdir(join(project, 'corpora'))).toHaveLength(1)
})

test('an experiment is set up, and a mistake in it is named', async () => {
  const { page } = open
  await reachAndPress(page, 'Set up an experiment')
  const file = page.getByLabel('The experiment file', { exact: true }).last()
  await expect(file).toHaveValue(/name: /, { timeout: 30_000 })
  const head = (await file.inputValue()).split(/^preprocess:/m)[0]!
  await file.focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(`${head}${small}`.replace('bucket: 40', 'bucket: many'))
  await expect(page.getByRole('button', { name: 'Save and start' })).toBeDisabled()
  await expect(page.getByText(/^1 error/).first()).toBeVisible()
  await page.screenshot({ path: join(screenshots, 'experiment-mistake.png') })
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(`${head}${small}`)
  await expect(page.getByRole('button', { name: 'Save and start' })).toBeEnabled({ timeout: 10_000 })
  await page.screenshot({ path: join(screenshots, 'experiment.png') })
  await expectAccessible(page, 'experiment')
})

test('a run is watched, cancelled, and asks before a quit', async () => {
  const { app, page } = open
  await reachAndPress(page, 'Save and start')
  await expect(page.getByRole('region', { name: 'Job' }).getByText(/Train/).first()).toBeVisible({ timeout: 60_000 })
  await page.waitForTimeout(2500)
  await page.screenshot({ path: join(screenshots, 'training-live.png') })
  await expectAccessible(page, 'training')

  const asked = await app.evaluate(async ({ app: program, dialog }) => {
    let buttons: string[] = []
    dialog.showMessageBox = (...args: unknown[]) => {
      buttons = (args.at(-1) as { buttons: string[] }).buttons
      return Promise.resolve({ response: 0, checkboxChecked: false })
    }
    program.quit()
    await new Promise((done) => setTimeout(done, 500))
    return buttons
  })
  expect(asked).toEqual(['Keep working', 'Quit and resume at the next start'])

  const started = performance.now()
  await reachAndPress(page, /^Cancel/)
  await expect(page.getByText(/^(Stopping|Cancelled)/).first()).toBeVisible({ timeout: 5000 })
  await expect(page.getByText(/^Cancelled after/)).toBeVisible({ timeout: 10_000 })
  test
    .info()
    .annotations.push({ type: 'cancel', description: `${Math.round(performance.now() - started)} ms with the keys` })
})

test('an engine that is killed is started again, and the run goes on', async () => {
  const { app, page } = open
  await reachAndPress(page, /^Train \d run/)
  await expect(page.getByRole('region', { name: 'Job' }).getByText(/Train/).first()).toBeVisible({ timeout: 60_000 })
  await app.evaluate(({ app: program }) => {
    const engine = program.getAppMetrics().find(({ name }) => name === 'Isogloss engine')
    if (!engine) throw new Error('There is no engine process.')
    process.kill(engine.pid, 'SIGKILL')
  })
  await expect(page.getByText('The engine stopped.')).toBeVisible({ timeout: 30_000 })
  await page.screenshot({ path: join(screenshots, 'engine-stopped.png') })
  await expectAccessible(page, 'engine stopped')
  await reachAndPress(page, /^Resume/)
  await expect(page.getByText(/^Finished after/)).toBeVisible({ timeout: 150_000 })
  // The curve is whole: a resumed run tells the epochs again that it had before.
  const epochs = page.getByRole('complementary', { name: 'Epochs' })
  await epochs.getByRole('combobox').selectOption({ label: 'kd/stl' })
  await expect(epochs.getByRole('row', { name: /^1 / })).toBeVisible()
})

test('results are readable in light and dark, small and large', async () => {
  const { app, page } = open
  const stages = [
    'Comparison',
    'Labels',
    'Error tail',
    'Error map',
    'Document',
    'Artefacts',
    'Training',
    'Corpus',
    'Project',
  ]
  for (const [theme, width, height] of [
    ['dark', 1680, 1050],
    ['light', 960, 640],
  ] as const) {
    await chooseTheme(app, theme)
    await resize(app, width, height)
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    for (const stage of stages) {
      const button = page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${stage}`) })
      await button.press('Enter')
      await expect(button).toHaveAttribute('aria-current', 'page')
      await page.waitForTimeout(1200)
      await page.screenshot({
        path: join(screenshots, `${stage.toLowerCase().replace(' ', '-')}-${theme}-${width}.png`),
      })
      await expectAccessible(page, `${stage}, ${theme}`)
      const overflow = await page.evaluate(() => {
        const { documentElement: whole } = globalThis.document
        const body = globalThis.document.querySelector('main .body')
        const job = globalThis.document.querySelector('[data-region=job]')
        return {
          wide: Math.max(whole.scrollWidth - globalThis.innerWidth, body ? body.scrollWidth - body.clientWidth : 0),
          below: body && job ? body.getBoundingClientRect().bottom - job.getBoundingClientRect().top : 0,
        }
      })
      expect.soft(overflow.wide, `${stage} is wider than its window`).toBeLessThanOrEqual(0)
      expect.soft(overflow.below, `${stage} lies under the job drawer`).toBeLessThanOrEqual(1)
    }
  }
})

test('nothing was asked of any host', async () => {
  expect(open.requests.filter((url) => !/^(app|isogloss|file|data|blob|devtools)/.test(url))).toEqual([])
  expect(open.errors).toEqual([])
  const experiment = (await readdir(join(project, 'experiments'))).find((name) => name.endsWith('.yaml'))!
  expect(await readFile(join(project, 'experiments', experiment), 'utf8')).toContain('attention-cnn')
})
