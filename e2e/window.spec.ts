import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { isogloss } from '../src/cli/integration/commandLine.ts'
import { slicedExperiment, smallExperiment } from '../src/cli/integration/experiment.ts'
import { launch, startAgain } from './launch.ts'
import { chooseTheme, expectAccessible, goTo, tellCommand } from './person.ts'

const root = resolve(import.meta.dirname, '..')
const screenshots = join(root, 'test-results', 'screenshots')
let directory: string
let project: string

test.beforeAll(async () => {
  await mkdir(screenshots, { recursive: true })
  directory = await mkdtemp(join(tmpdir(), 'isogloss-e2e-'))
  project = join(directory, 'project')
  const file = await smallExperiment(directory)
  const run = await isogloss('run', file, '--project', project)
  expect(run.code, run.stderr).toBe(0)
})
test.afterAll(() => rm(directory, { recursive: true, force: true }))

test('starts without a project and offers to open or create one; takes one that is opened from outside', async () => {
  const settings = await mkdtemp(join(directory, 'settings-'))
  const { app, page, errors } = await launch(undefined, settings)
  await expect(page.getByText('No project open').first()).toBeVisible()
  await page.screenshot({ path: join(screenshots, 'start.png') })
  // A file manager names the file; the second program ends and leaves it to the first.
  expect(await startAgain(settings, join(project, 'project.json'))).toBe(0)
  await expect(page.getByRole('navigation').getByText('synthetic corpus')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText(`It was started once more with ${project}`)).toBeVisible()
  expect(errors).toEqual([])
  await app.close()
})

test('every dialogue is readable in both themes, and gives the focus back', async () => {
  const { app, page, errors } = await launch(project)
  await expect(page.getByRole('navigation').getByText('synthetic corpus')).toBeVisible({ timeout: 30_000 })
  for (const theme of ['light', 'dark'] as const) {
    await chooseTheme(app, theme)
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    const button = page.getByRole('navigation').getByRole('button', { name: /^Find a command/ })
    for (const [command, title, sign] of [
      ['window.palette', 'Find a command', /Go to Labels/],
      ['help.keys', 'Keyboard shortcuts', /Save the experiment/],
      ['help.machine', 'What this machine offers', /DuckDB/],
      ['help.about', 'About Isogloss and its data', /GeoNames, CC BY 4\.0/],
    ] as const) {
      await button.focus()
      await tellCommand(app, command)
      const dialog = page.getByRole('dialog')
      await expect(dialog.getByText(sign).first()).toBeVisible({ timeout: 30_000 })
      await page.screenshot({ path: join(screenshots, `dialogue-${command}-${theme}.png`) })
      await expectAccessible(page, `${title}, ${theme}`)
      await page.keyboard.press('Escape')
      await expect(dialog).toBeHidden()
      expect(await button.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
    }
  }
  expect(errors).toEqual([])
  await app.close()
})

test('both maps of a pair move together, by keyboard and by wheel', async () => {
  const { app, page, errors } = await launch(project)
  await goTo(page, 'Labels')
  const maps = ['kd', 'p2c'].map((name) => page.getByRole('application', { name: `Map of label set ${name}` }))
  const scales = ['kd', 'p2c'].map((name) =>
    page.getByRole('region', { name: `Label set ${name}` }).getByText(/^[\d,.]+ km$/),
  )
  await expect(scales[0]!).toBeVisible({ timeout: 30_000 })
  const read = () => Promise.all(scales.map((scale) => scale.innerText()))
  const whole = await read()
  expect(whole[0]).toBe(whole[1])
  await maps[0]!.focus()
  for (let i = 0; i < 6; i++) await page.keyboard.press('+')
  await expect.poll(read).not.toEqual(whole)
  const near = await read()
  expect(near[0]).toBe(near[1])
  await maps[1]!.hover()
  await page.mouse.wheel(0, -400)
  await expect.poll(read).not.toEqual(near)
  const nearer = await read()
  expect(nearer[0]).toBe(nearer[1])
  await maps[1]!.focus()
  await page.keyboard.press('0')
  await expect.poll(read).toEqual(whole)
  expect(errors).toEqual([])
  await app.close()
})

test('differences have the sign that their names say', async () => {
  const printed = await isogloss('compare', '--project', project, '--json')
  const { results } = JSON.parse(printed.stdout) as {
    results: { labels: string | null; model: string; meanErrorKm: number }[]
  }
  const meanOf = (name: string) => results.find(({ labels, model }) => `${labels}/${model}` === name)!.meanErrorKm
  const { app, page } = await launch(project)
  await goTo(page, 'Comparison')
  const table = page.getByRole('table', { name: /^Paired differences/ })
  await expect(table).toBeVisible({ timeout: 30_000 })
  const rows = table.locator('tbody').filter({ hasText: 'Mean, km' }).getByRole('row').filter({ hasText: '−' })
  expect(await rows.count()).toBe(6)
  for (const text of await rows.allInnerTexts()) {
    const [, first, second, shown] = /^(\S+) − (\S+)\s+([+−]?[\d,]+)/.exec(text)!
    const difference = meanOf(first!) - meanOf(second!)
    expect(Math.abs(Number(shown!.replace('−', '-').replace(',', '')) - difference), text).toBeLessThan(
      Math.max(1, Math.abs(difference) / 10),
    )
  }
  await app.close()
})

test('shows every result of a finished experiment', async () => {
  const { app, page, errors } = await launch(project)
  await expect(page.getByRole('navigation').getByText('synthetic corpus')).toBeVisible({ timeout: 30_000 })
  for (const [stage, sign] of [
    ['Comparison', /median point/],
    ['Labels', /oracle/i],
    ['Error tail', /161/],
    ['Error map', /km/],
    ['Document', /./],
    ['Artefacts', /Train kd\/mtl/],
  ] as const) {
    await goTo(page, stage)
    await expect(page.getByRole('main').getByText(sign).filter({ visible: true }).first()).toBeVisible({
      timeout: 30_000,
    })
    await page.waitForTimeout(1500)
    await page.screenshot({ path: join(screenshots, `${stage.toLowerCase().replace(' ', '-')}.png`) })
  }
  expect(errors).toEqual([])
  await app.close()
})

test('a further column of the corpus slices the comparison', async () => {
  const sliced = join(directory, 'sliced')
  const file = await slicedExperiment(directory)
  const run = await isogloss('run', file, '--project', sliced)
  expect(run.code, run.stderr).toBe(0)
  const { app, page, errors } = await launch(sliced)
  await goTo(page, 'Comparison')
  await page.getByRole('combobox', { name: 'by' }).selectOption('sex')
  const table = page.getByRole('table', { name: 'Median, km by sex' })
  await expect(table.getByRole('row', { name: /^\(empty\) \d+ \d/ })).toBeVisible({ timeout: 30_000 })
  const documents = await table.locator('tbody tr td:nth-child(2)').allInnerTexts()
  expect(documents).toHaveLength(3)
  const test = /Test fold of (\d+) documents/.exec(await page.getByRole('main').innerText())
  expect(documents.map(Number).reduce((sum, count) => sum + count, 0)).toBe(Number(test?.[1]))
  await page
    .getByRole('group', { name: 'Measure of the parts' })
    .getByRole('button', { name: 'Acc@161' })
    .press('Enter')
  const shares = page.getByRole('table', { name: 'Acc@161 by sex' })
  await expect(shares.getByRole('row', { name: /^f \d+ 0\.\d+ 0\.\d+/ })).toBeVisible()
  for (const theme of ['light', 'dark'] as const) {
    await chooseTheme(app, theme)
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await shares.scrollIntoViewIfNeeded()
    await page.screenshot({ path: join(screenshots, `slices-${theme}.png`) })
    await expectAccessible(page, `slices, ${theme}`)
  }
  // The column's values can be labels, and models can be averaged.
  await goTo(page, 'Experiment')
  for (const [kind, name] of [
    ['column', 'Labels column'],
    ['bayes', 'Model nb'],
    ['ensemble', 'Model mean'],
  ] as const) {
    await page.getByLabel('Add', { exact: true }).selectOption(kind)
    await page.getByRole('button', { name: 'Add', exact: true }).press('Enter')
    await expect(page.getByRole('group', { name })).toBeVisible()
  }
  await expect(page.getByLabel('The experiment file', { exact: true }).last()).toHaveValue(
    /method: column\s+column: sex[^]*method: ensemble\s+ensemble:\s+- mtl\s+- nb/,
  )
  await expect(page.getByLabel('Column', { exact: true })).toHaveValue('sex')
  await expect(page.getByText('Ensemble, mean of mtl, nb: labels')).toBeVisible()
  await page.getByLabel('Column', { exact: true }).scrollIntoViewIfNeeded()
  for (const theme of ['light', 'dark'] as const) {
    await chooseTheme(app, theme)
    await page.screenshot({ path: join(screenshots, `own-labels-${theme}.png`) })
  }
  expect(errors).toEqual([])
  await app.close()
})
