import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { launch, type Launched } from './launch.ts'
import { lookAt, screenshots } from './looked.ts'
import { answerSave, goTo, saveFigure } from './person.ts'
import { trainedProject } from './trainedProject.ts'

/** What a network attends to in all its test documents, as a picture, a table and a map. */

let directory: string
let open: Launched

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(300_000)
  await mkdir(screenshots, { recursive: true })
  directory = await mkdtemp(join(tmpdir(), 'isogloss-attention-'))
  open = await launch(await trainedProject(directory))
})
test.afterAll(async () => {
  await open.app.close()
  await rm(directory, { recursive: true, force: true })
})

test('the test documents are drawn, a row each, with the words of every label on the map', async () => {
  const { page } = open
  await goTo(page, 'Attention')
  await page.getByRole('button', { name: 'kd / net, seed 1' }).click({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Read the test documents' }).click()
  const picture = page.getByRole('application', { name: 'Heat map of attention' })
  await expect(picture).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(/^Rows 1 to 180 of 180/)).toBeVisible()
  await page.waitForTimeout(500)
  const before = (await picture.screenshot()).toString('base64')
  await page.getByRole('combobox', { name: 'Rows from' }).selectOption('north to south')
  await page.waitForTimeout(500)
  expect((await picture.screenshot()).toString('base64') === before).toBe(false)
  await picture.focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('+')
  await expect(page.getByText(/^Rows [12] to 9[01] of 180/)).toBeVisible()
  await answerSave(open.app, directory)
  const [svg, csv] = await saveFigure(page, ['SVG…', 'Data as CSV…'])
  await copyFile(svg!, join(screenshots, 'figure-Attention.svg'))
  expect(await readFile(svg!, 'utf8')).toMatch(/Attention of 90 test documents, north to south/)
  expect((await readFile(csv!, 'utf8')).trim().split('\n')).toHaveLength(91)
  const words = page.getByRole('region', { name: 'What the network attends to, by label' })
  await words.getByRole('button').first().click()
  await expect(words.getByTitle('Open the document').first()).toBeVisible()
  const map = page.getByRole('application', { name: 'Map of the words of each label' })
  await expect(map).toHaveAccessibleDescription(/the word of greatest effect/)
  for (const word of ['pop', 'soda']) await expect(map.locator('svg').getByText(word).first()).toBeVisible()
  await lookAt(open, 'attention')
  await page.getByRole('group', { name: 'Words of each label' }).getByRole('button', { name: 'Most attention' }).click()
  await expect(words.getByRole('columnheader', { name: 'Words with most attention, × uniform' })).toBeVisible()
  await expect(map).toHaveAccessibleDescription(/the word of most attention/)
})

test('the table holds the same, and a row opens its document', async () => {
  const { page } = open
  await page.getByRole('button', { name: 'Table', exact: true }).click()
  const grid = page.getByRole('grid', { name: /^Test documents and where the network looks most: 180 rows/ })
  await grid.focus()
  await page.keyboard.press('Home')
  await lookAt(open, 'attention-table')
  const row = await grid.getByRole('row', { selected: true }).getByRole('gridcell').first().innerText()
  await grid.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Document', exact: true })).toBeVisible({ timeout: 30_000 })
  await expect(page.getByLabel('Attention (underline)')).toBeVisible({ timeout: 30_000 })
  expect(Number(row.replace(',', ''))).toBeGreaterThan(0)
  expect(open.errors).toEqual([])
})
