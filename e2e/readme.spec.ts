import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { isogloss } from '../src/cli/integration/commandLine.ts'
import { quietContext } from '../src/engine/context.ts'
import { generateSample } from '../src/engine/corpus/sample/generateSample.ts'
import { launch } from './launch.ts'
import { chooseTheme, goTo, tellCommand } from './person.ts'

/**
 * Pictures of the documentation, copied to docs/ by hand: the README's labels.png with the sample corpus of the demo and its label
 * sets, and those of ten-minutes.md; and that Help shows the pages.
 */

const root = resolve(import.meta.dirname, '..')

test('the label sets of the sample corpus side by side', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
  const sample = join(directory, 'corpus')
  await mkdir(sample)
  await generateSample({ directory: sample, authors: 4000, seed: 1 }, quietContext)
  const file = join(directory, 'sample.yaml')
  const corpus = '{train: corpus/train.txt.gz, dev: corpus/dev.txt.gz, test: corpus/test.txt.gz, split: none}'
  const labels = '{kd: {method: kd-tree, bucket: 50}, p2c: {method: point2city, radiusKm: 60}}'
  await writeFile(file, `name: sample\ncorpus: ${corpus}\nlabels: ${labels}\n`)
  const project = join(directory, 'study')
  const run = await isogloss('labels', file, '--project', project)
  expect(run.code, run.stderr).toBe(0)

  const { app, page, errors } = await launch(project)
  await chooseTheme(app, 'light')
  await goTo(page, 'Labels')
  await expect(page.getByRole('navigation').getByText('synthetic corpus')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText(/^k-d tree, 64 labels/)).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('main').getByText('GeoNames CC BY 4.0').first()).toBeVisible()
  await page.mouse.move(640, 10)
  // WebGL draws a frame or two later than the page is there.
  await page.waitForTimeout(2500)
  await mkdir(join(root, 'test-results', 'screenshots'), { recursive: true })
  await page.screenshot({ path: join(root, 'test-results', 'screenshots', 'readme-labels.png') })
  expect(errors).toEqual([])
  await app.close()
  await rm(directory, { recursive: true, force: true })
})

test('a small study in pictures, and Help', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
  const sample = join(directory, 'corpus')
  await mkdir(sample)
  await generateSample({ directory: sample, authors: 4000, seed: 1 }, quietContext)
  const file = join(directory, 'first.yaml')
  const corpus = '{train: corpus/train.txt.gz, dev: corpus/dev.txt.gz, test: corpus/test.txt.gz, split: none}'
  const labels = '{kd: {method: kd-tree, bucket: 100}, p2c: {method: point2city, radiusKm: 60}}'
  await writeFile(
    file,
    `name: first\ncorpus: ${corpus}\npreprocess: {minFrequency: 5, maxWords: 100}\nlabels: ${labels}\nmodels: {nb: {method: naive-bayes}, ngram: {method: ngram-softmax, characters: none, optimiser: sgd, epochs: 4}}\n`,
  )
  const project = join(directory, 'first-study')
  const run = await isogloss('run', file, '--project', project)
  expect(run.code, run.stderr).toBe(0)

  const { app, page, errors } = await launch(project)
  await chooseTheme(app, 'light')
  await mkdir(join(root, 'test-results', 'screenshots'), { recursive: true })
  for (const stage of ['Comparison', 'Error map', 'Document']) {
    await goTo(page, stage)
    await page.mouse.move(640, 10)
    await page.waitForTimeout(3000)
    const name = `tutorial-${stage.toLowerCase().replace(' ', '-')}.png`
    await page.screenshot({ path: join(root, 'test-results', 'screenshots', name) })
  }
  const opened = app.waitForEvent('window')
  await tellCommand(app, 'help.documentation')
  const help = await opened
  // Its pages run no script, so that only what the address bar would show can be asked of them.
  await expect.poll(() => help.url()).toBe('app://isogloss/help/index.html')
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.getTitle())))
    .toContain('Isogloss - Isogloss')
  expect(errors).toEqual([])
  await app.close()
  await rm(directory, { recursive: true, force: true })
})
