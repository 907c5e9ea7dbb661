import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { launch, type Launched } from './launch.ts'
import { lookAt } from './looked.ts'
import { goTo } from './person.ts'
import { trainedProject } from './trainedProject.ts'

/** Two experiments in one table, runs of both over one another, tails of several runs. */

let directory: string
let open: Launched

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(300_000)
  directory = await mkdtemp(join(tmpdir(), 'isogloss-compare-'))
  open = await launch(await trainedProject(directory, { more: { coarse: ['bucket: 40', 'bucket: 120'] } }))
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
  await expect(table.getByRole('columnheader', { name: 'labels.kd.bucket' })).toBeVisible({ timeout: 60_000 })
  for (const bucket of ['40', '120'])
    await expect(table.getByRole('row', { name: new RegExp(` ${bucket} kd .*linear`) })).toBeVisible()
  await expect(
    across
      .getByRole('table', { name: /^Matched rows/ })
      .getByRole('row')
      .nth(1),
  ).toBeVisible()
  // Overlay of a run of each.
  await table.getByRole('checkbox', { name: 'Overlay drinks: kd net' }).check()
  await table.getByRole('checkbox', { name: 'Overlay coarse: kd net' }).check()
  await expect(across.getByRole('img', { name: /^Errors of drinks: kd \/ net, seed 1 and coarse: kd/ })).toBeVisible({
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
