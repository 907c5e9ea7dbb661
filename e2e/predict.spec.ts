import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import writeWorkbook from 'write-excel-file/node'
import { expect, test } from '@playwright/test'
import { launch, type Launched } from './launch.ts'
import { lookAt } from './looked.ts'
import { answerSave, dropFiles, goTo, saveFigure } from './person.ts'
import { trainedProject } from './trainedProject.ts'

/** Where a person's own texts are from: one text, the same without a word, a file of them. */

let directory: string
let open: Launched

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(300_000)
  directory = await mkdtemp(join(tmpdir(), 'isogloss-predict-'))
  const density = [
    '  nearest:',
    '  density: {method: mixture-density, components: 12, epochs: 15}\n  nearest:',
  ] as const
  open = await launch(await trainedProject(directory, { more: { dense: [...density] } }))
})
test.afterAll(async () => {
  await open.app.close()
  await rm(directory, { recursive: true, force: true })
})

const choose = (run: string) => open.page.getByRole('combobox', { name: /^Run/ }).selectOption({ label: run })

test('a text is placed, with what each word adds, and without a word it is from elsewhere', async () => {
  const { page } = open
  await goTo(page, 'Predict')
  await choose('kd / linear')
  await page.getByLabel('Text', { exact: true }).fill('hm ah oh I drink the pop zib zab')
  await page.keyboard.press('Control+Enter')
  const words = page.getByRole('region', { name: 'Words and what they do' })
  await expect(words.getByRole('row', { name: /^zib −/ })).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('application', { name: 'Map of the prediction' })).toBeVisible()
  await expect(page.getByRole('table', { name: 'Most likely labels' }).getByRole('row')).toHaveCount(11)
  // Regions of half of the texts, and of nine in ten.
  const regions = page.getByRole('table', { name: /^Regions that hold the place/ })
  for (const level of ['90%', '50%'])
    await expect(regions.getByRole('row', { name: new RegExp(`^${level}`) })).toBeVisible()
  for (const word of ['zib', 'zab']) {
    await words.getByRole('button', { name: `Without it: ${word}` }).click()
    await expect(words.getByRole('button', { name: `Put back: ${word}` })).toBeVisible({ timeout: 10_000 })
  }
  await expect(page.getByRole('region', { name: 'The text and its words' }).getByRole('status')).toContainText(
    /Without zib, zab: [^]* km from the guess with it/,
    { timeout: 10_000 },
  )
  await lookAt(open, 'predict-linear')
  await page.getByRole('button', { name: 'Put back', exact: true }).click()
  await expect(page.getByText(/^Click a word/)).toBeVisible()
})

test('a network shows occlusion and attention, a model without labels its place', async () => {
  const { page } = open
  await choose('kd / net, seed 1')
  await expect(page.getByLabel('Attention (underline)')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByLabel('Occlusion (shade)')).toBeVisible()
  await lookAt(open, 'predict-network')
  await choose('nearest')
  await expect(page.getByLabel('Attention (underline)')).toBeHidden({ timeout: 30_000 })
  await expect(page.getByLabel('Contributions (shade)')).toBeVisible()
  await expect(page.getByRole('table', { name: 'Most likely labels' })).toHaveCount(0)
  await expect(page.getByRole('application', { name: 'Map of the prediction' })).toBeVisible()
})

test('a density is shaded on the map, and its Gaussians are listed', async () => {
  const { page } = open
  await choose('density, seed 1')
  const table = page.getByRole('table', { name: /^The density/ })
  await expect(table.getByRole('row')).toHaveCount(11, { timeout: 30_000 })
  await expect(page.getByRole('application', { name: 'Map of the prediction' })).toHaveAccessibleDescription(
    /shaded areas hold half and nine tenths of the density/,
  )
  await expect(page.getByLabel('Occlusion (shade)')).toBeVisible()
  await lookAt(open, 'predict-density')
})

test('a document has its regions, with what they promise', async () => {
  const { page } = open
  await goTo(page, 'Document')
  await choose('kd / linear')
  const regions = page.getByRole('table', { name: /^Regions that hold the place/ })
  await expect(regions.getByRole('row', { name: /^90%/ })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(/^Of texts like those of this corpus, a region holds/)).toBeVisible()
  await lookAt(open, 'document-regions')
  await answerSave(open.app, directory)
  const [svg, csv] = await saveFigure(page, ['SVG…', 'Data as CSV…'])
  expect(await readFile(svg!, 'utf8')).toMatch(/Its true place is .* km away/)
  expect(await readFile(csv!, 'utf8')).toMatch(/^label,city,lat,lon,probability\n/)
  await goTo(page, 'Predict')
})

test('texts from right to left are read as they are written', async () => {
  const { page } = open
  await choose('kd / linear')
  await page.getByLabel('Text', { exact: true }).fill('אני שותה pop कि zib')
  await page.keyboard.press('Control+Enter')
  const text = page.getByRole('group', { name: 'Text of the document' })
  await expect(text).toContainText('אני שותה', { timeout: 30_000 })
  expect(await text.evaluate((node) => globalThis.getComputedStyle(node).direction)).toBe('rtl')
})

test('a file is dropped, placed row by row, and saved as a table', async () => {
  const { page, app } = open
  const rows = Array.from({ length: 600 }, (_, i) => [i, `I drink the ${['pop zib zab', 'soda', ''][i % 3]}, oh`])
  const file = join(directory, 'mine.xlsx')
  await writeFile(file, await writeWorkbook([['id', 'text'], ...rows, [600, '']]).toBuffer())
  await dropFiles(page, page.getByRole('group', { name: 'Texts to predict' }), [file])
  await expect(page.getByText('mine.xlsx 601 of 601 rows')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('heading', { name: 'Predict' }).locator('..')).toContainText('600 texts placed')
  await expect(
    page.getByRole('table', { name: 'Texts by the probability of their label' }).getByRole('row'),
  ).toHaveCount(11)
  const grid = page.getByRole('grid', { name: /^Texts and where they are from/ })
  await grid.focus()
  await page.keyboard.press('Home')
  await lookAt(open, 'predict-file')
  const saved = join(directory, 'places.csv')
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, saved)
  await page.getByRole('button', { name: 'Save as CSV…' }).click()
  await expect(page.getByText(`It is ${saved}.`)).toBeVisible({ timeout: 10_000 })
  const lines = (await readFile(saved, 'utf8')).trimEnd().split('\n')
  expect(lines[0]).toBe('id,text,lat,lon,label,name,probability')
  expect(lines).toHaveLength(602)
  expect(lines.at(-1)).toBe('600,,,,,,')
  await grid.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Words and what they do' })).toBeVisible({ timeout: 30_000 })
  expect(open.errors).toEqual([])
})
