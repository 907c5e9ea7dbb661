import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { launch, type Launched } from './launch.ts'
import { lookAt, screenshots } from './looked.ts'
import { answerSave, goTo, saveFigure } from './person.ts'
import { trainedProject } from './trainedProject.ts'

/**
 * A researcher's hour: two experiments in one table, one of which has as many k-d labels as Point2City has; runs of both over one
 * another, tails of several runs, where one condition is better, figures and LaTeX saved, errors looked at one by one.
 */

let directory: string
let open: Launched

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(300_000)
  await mkdir(screenshots, { recursive: true })
  directory = await mkdtemp(join(tmpdir(), 'isogloss-compare-'))
  open = await launch(
    await trainedProject(directory, {
      more: { matched: ['method: kd-tree, bucket: 40', 'method: kd-tree, match: p2c'] },
    }),
  )
})
test.afterAll(async () => {
  await open.app.close()
  await rm(directory, { recursive: true, force: true })
})

test('another experiment stands beside, with the settings that differ and the rows that match', async () => {
  const { page } = open
  await goTo(page, 'Comparison')
  const across = page.getByRole('region', { name: 'Across experiments' })
  await across.getByRole('checkbox').first().check({ timeout: 60_000 })
  const table = across.getByRole('table', { name: /^Results of / })
  await expect(table.getByRole('columnheader', { name: 'labels.kd.match' })).toBeVisible({ timeout: 60_000 })
  for (const row of [/\b40\b.* kd .*linear/, /\bp2c\b.* kd .*linear/])
    await expect(table.getByRole('row', { name: row }).first()).toBeVisible()
  await expect(
    across
      .getByRole('table', { name: /^Matched rows/ })
      .getByRole('row')
      .nth(1),
  ).toBeVisible()
  // Overlay of a run of each.
  await table.getByRole('checkbox', { name: 'Overlay drinks: kd net' }).check()
  await table.getByRole('checkbox', { name: 'Overlay matched: kd net' }).check()
  await expect(across.getByRole('img', { name: /^Errors of drinks: kd \/ net, seed 1 and matched: kd/ })).toBeVisible({
    timeout: 30_000,
  })
  await expect(across.getByText('drinks: kd / net, seed 1').first()).toBeVisible()
  await lookAt(open, 'compare-across')
})

test('tails of more than two runs are laid over one another', async () => {
  const { page } = open
  await goTo(page, 'Error tail')
  await page.getByRole('combobox', { name: 'and' }).selectOption({ label: 'nearest' })
  const rows = page.getByRole('table', { name: 'The error tail in numbers' }).getByRole('row')
  await expect(rows).toHaveCount(4)
  await lookAt(open, 'tail-three')
  await page.getByRole('button', { name: 'Take away nearest' }).click()
  await expect(rows).toHaveCount(3)
})

test('where one of two conditions is better is seen on a map and in a table, and saved', async () => {
  const { page } = open
  await goTo(page, 'Comparison')
  const where = page.getByRole('region', { name: 'Where one is better' })
  await where.getByRole('button', { name: 'Show on a map' }).click()
  await expect(where.getByRole('application', { name: /^Map of where / })).toBeVisible({ timeout: 60_000 })
  await where.getByRole('combobox', { name: 'Conditions' }).selectOption({ label: 'p2c/linear less kd/linear' })
  const rows = where.getByRole('table', { name: 'Mean error by area, p2c/linear less kd/linear' }).getByRole('row')
  await expect(rows.nth(3)).toBeVisible()
  await rows.nth(1).getByRole('button').click()
  await rows.nth(1).scrollIntoViewIfNeeded()
  await lookAt(open, 'compare-where')
})

test('what is on the screen is saved as a figure with its data, from every view of results', async () => {
  const { app, page } = open
  await answerSave(app, directory)
  const data = ['Data as CSV…', 'Data as GeoJSON…']
  for (const [view, buttons, words] of [
    ['Comparison', ['SVG…', 'Data as LaTeX…', data[0]!], /^labels,model,/],
    ['Error tail', ['SVG…', data[0]!], /^run,row,error_km\n/],
    ['Training', ['SVG…', data[0]!], /^run,seed,epoch,step,trainLoss/],
    ['Labels', ['SVG…', ...data], /^label,name,city,country,documents/],
    ['Error map', ['SVG…', 'PDF…', data[0]!], /^from,from_city,put_in/],
  ] as const) {
    await goTo(page, view)
    const [svg, ...more] = await saveFigure(page, buttons)
    const drawn = await readFile(svg!, 'utf8')
    expect(drawn, view).toMatch(/^<svg xmlns/)
    expect(drawn, view).toMatch(/<desc>[^<]{20,}<\/desc>/)
    expect(
      await readFile(
        more.find((file) => file.endsWith('.csv'))!,
        'utf8',
      ),
      view,
    ).toMatch(words)
    const latex = more.find((file) => file.endsWith('.tex'))
    if (latex) expect(await readFile(latex, 'utf8')).toMatch(/\\begin\{tabular\}[\s\S]*linear[\s\S]*\\bottomrule/)
    const shapes = more.find((file) => file.endsWith('.geojson'))
    if (shapes) expect(JSON.parse(await readFile(shapes, 'utf8'))).toHaveProperty('features[0].geometry')
    await copyFile(svg!, join(screenshots, `figure-${view}.svg`))
  }
})

test('errors flow from territory to territory, and a document has others that fare alike', async () => {
  const { page } = open
  await goTo(page, 'Error map')
  await page.getByRole('combobox', { name: /^Run/ }).selectOption({ label: 'p2c / linear' })
  const flows = page.getByRole('table', { name: /^Flows between territories/ })
  await expect(flows.getByRole('row').nth(3)).toBeVisible({ timeout: 30_000 })
  const counts = await flows.getByRole('row').locator('td:nth-child(2)').allInnerTexts()
  expect(counts.map(Number)).toEqual(counts.map(Number).sort((a, b) => b - a))
  await lookAt(open, 'errors-flows')
  await flows.getByRole('button').first().click()
  const documents = page.getByRole('table', { name: /^Largest errors/ })
  await expect(documents.getByRole('row')).toHaveCount(Number(counts[0]) + 1)
  await lookAt(open, 'errors-flow')
  await documents.getByRole('button').first().click()
  await page.getByText(`${Number(counts[0]) - 1} more from this territory are put in the same label`).click({
    timeout: 30_000,
  })
  const alike = page.getByRole('table', { name: 'Documents that fare alike, nearest first' })
  await expect(alike.getByRole('button').first()).toBeVisible()
  await lookAt(open, 'document-alike')
  await goTo(page, 'Error map')
  await page.getByRole('button', { name: 'Documents', exact: true }).click()
  await expect(page.getByText('shortest first')).toBeVisible()
  expect(open.errors).toEqual([])
})
