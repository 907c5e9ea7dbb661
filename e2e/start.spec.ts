import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { launch, type Launched } from './launch.ts'
import { answerDialog, chooseTheme, expectAccessible, resize } from './person.ts'
import { regionalCorpus } from './regionalCorpus.ts'

/** From an empty window to a first map in two clicks: nothing is trained, and nothing is asked of a network. */

const screenshots = join(resolve(import.meta.dirname, '..'), 'test-results', 'screenshots')
let documents: string
let open: Launched

test.setTimeout(400_000)
test.beforeEach(async () => {
  await mkdir(screenshots, { recursive: true })
  documents = await mkdtemp(join(tmpdir(), 'isogloss-start-'))
  open = await launch()
  await open.app.evaluate(({ app }, path) => app.setPath('documents', path), documents)
})
test.afterEach(async () => {
  await open.app.close()
  await rm(documents, { recursive: true, force: true })
})

test('the start is readable, small and large, light and dark', async () => {
  const { page, app } = open
  await expect(page.getByRole('heading', { name: 'See a first map' })).toBeVisible({ timeout: 30_000 })
  // Once the countries are there; a colour on its way from one to another has no contrast to speak of.
  await expect(page.getByRole('button', { name: 'Show their map' })).toBeEnabled({ timeout: 30_000 })
  for (const [width, height] of [
    [1280, 800],
    [2560, 1440],
  ] as const) {
    await resize(app, width, height)
    for (const theme of ['light', 'dark'] as const) {
      await chooseTheme(app, theme)
      await page.waitForTimeout(300)
      await page.screenshot({ path: join(screenshots, `start-${width}-${theme}.png`) })
      await expectAccessible(page, `start, ${width}, ${theme}`)
    }
  }
})

test('one click makes the sample and shows the map of a word', async () => {
  const { page, requests, errors } = open
  await page.getByRole('button', { name: 'Make it and show it' }).click()
  await expect(page.getByRole('application', { name: 'Map of all informants' })).toBeVisible({ timeout: 100_000 })
  await page.waitForTimeout(500)
  await page.screenshot({ path: join(screenshots, 'start-sample-first.png') })
  await expect(
    page
      .getByRole('grid', { name: /^Regional words/ })
      .getByRole('row')
      .nth(5),
  ).toBeVisible({ timeout: 170_000 })
  await page.waitForTimeout(1000)
  await page.screenshot({ path: join(screenshots, 'start-sample.png') })
  expect(await readdir(join(documents, 'Isogloss'))).toEqual(['Synthetic sample'])
  expect(requests.filter((url) => /^(https?|wss?):/.test(url) && !url.includes('isogloss'))).toEqual([])
  expect(errors).toEqual([])
})

test('two clicks show where a country’s places end in what', async () => {
  const { page, errors, app } = open
  const where = page.getByLabel('Country or box')
  await where.selectOption('box', { timeout: 30_000 })
  const sides = page.getByRole('group', { name: 'Degrees' })
  await sides.getByLabel('north').fill('40')
  await expect(page.getByText('The south lies north of the north.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Show their map' })).toBeDisabled()
  await where.selectOption('DE')
  await page.getByRole('button', { name: 'Show their map' }).click()
  const list = page.getByRole('grid', { name: /^Regional endings/ })
  await expect(page.getByRole('application', { name: 'Map of all informants' })).toBeVisible({ timeout: 60_000 })
  await expect(list).toBeVisible({ timeout: 170_000 })
  await page.getByRole('searchbox', { name: /^Find among/ }).fill('ingen')
  await expect(list.getByRole('row', { name: /-ingen / })).toBeVisible()
  await expect(page.getByRole('application', { name: /^Map of / })).toBeVisible({ timeout: 60_000 })
  await page.getByRole('textbox').first().fill('*heim')
  await page.getByRole('textbox').nth(1).fill('*ingen')
  await page.getByRole('textbox').nth(1).press('Enter')
  await expect(page.getByRole('complementary').getByText(/The line/)).toBeVisible({ timeout: 120_000 })
  for (const theme of ['light', 'dark'] as const) {
    await chooseTheme(app, theme)
    await page.waitForTimeout(800)
    await page.screenshot({ path: join(screenshots, `start-names-${theme}.png`) })
  }
  expect(errors).toEqual([])
})

test('files of one’s own are chosen, looked at, imported and explored', async () => {
  const { page, app } = open
  const file = join(documents, 'drinks.csv')
  await writeFile(file, regionalCorpus())
  await answerDialog(app, [file])
  await page.getByRole('button', { name: 'Choose files…' }).click()
  await expect(page.getByRole('button', { name: 'Import 1 file' })).toBeEnabled({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Import 1 file' }).click()
  await page.getByRole('button', { name: 'Explore the words' }).click({ timeout: 60_000 })
  await expect(page.getByRole('application', { name: /^Map of / })).toBeVisible({ timeout: 60_000 })
  expect(await readdir(join(documents, 'Isogloss'))).toEqual(['drinks'])
})
