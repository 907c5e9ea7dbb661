import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { launch, type Launched } from './launch.ts'
import { lookAt } from './looked.ts'
import { answerSave, goTo } from './person.ts'
import { trainedProject } from './trainedProject.ts'

/** How fine labels may be: a sweep, its maps, and a size that is taken into the experiment. */

let directory: string
let project: string
let open: Launched

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-granularity-'))
  project = await trainedProject(directory, { until: 'labels' })
  open = await launch(project)
})
test.afterAll(async () => {
  await open.app.close()
  await rm(directory, { recursive: true, force: true })
})

test('a sweep is made, and its own sizes are seen on maps', async () => {
  const { page } = open
  await goTo(page, 'Granularity')
  await page.getByRole('button', { name: 'Sweep label sizes' }).click()
  await expect(page.getByRole('application', { name: 'Map of k-d tree, bucket 50' })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('application', { name: /^Map of Point2City, \d+ km/ })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('img', { name: /^Oracle Acc@161 by number of labels/ })).toBeVisible()
  await lookAt(open, 'granularity')
})

test('another size is chosen, shaded by documents, and used', async () => {
  const { page } = open
  await page.getByRole('button', { name: 'k-d tree, bucket 25' }).click()
  await expect(page.getByRole('application', { name: 'Map of k-d tree, bucket 25' })).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'By documents' }).click()
  await page.getByRole('region', { name: 'k-d tree, bucket 25' }).getByRole('button', { name: 'Use this size' }).click()
  await expect(page.getByText('“kd” has bucket 25 now.')).toBeVisible({ timeout: 30_000 })
  expect(await readFile(join(project, 'experiments', 'drinks.yaml'), 'utf8')).toMatch(/bucket: 25\b/)
  // The chart can be saved, and is there after the program was closed.
  await page.getByRole('button', { name: 'Save figure…' }).click()
  await expect(page.getByRole('img', { name: 'The figure as it will be saved' })).toBeVisible({ timeout: 30_000 })
  await answerSave(open.app, directory)
  await page.getByRole('button', { name: 'PDF…' }).click()
  await expect(page.getByText(/^Saved as .*drinks-granularity\.pdf\.$/)).toBeVisible({ timeout: 30_000 })
  const pdf = (await readFile(join(directory, 'drinks-granularity.pdf'))).toString('latin1')
  expect(pdf.slice(0, 5)).toBe('%PDF-')
  expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1)
  // 160 mm in points, and the font of the program's own, not the system's.
  expect(Math.abs(Number(/\/MediaBox \[0 0 ([\d.]+)/.exec(pdf)![1]) - (160 / 25.4) * 72)).toBeLessThan(1)
  expect(pdf).toMatch(/DejaVuSans/)
  await page.getByRole('button', { name: 'Copy caption' }).click()
  expect(await open.app.evaluate(({ clipboard }) => clipboard.readText())).toMatch(/^Labels of several sizes/)
  await page.keyboard.press('Escape')
  expect(open.errors).toEqual([])
})
