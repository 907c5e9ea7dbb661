import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { seededRandom } from '../src/engine/random.ts'
import { launch } from './launch.ts'
import { answerDialog, expectAccessible, goTo, resize } from './person.ts'

/** A linguist's hour: from the file of a survey to a figure of an isogloss, two generations beside each other, and all of it kept. */

const screenshots = join(resolve(import.meta.dirname, '..'), 'test-results', 'screenshots')
let documents: string
test.beforeAll(async () => {
  await mkdir(screenshots, { recursive: true })
  documents = await mkdtemp(join(tmpdir(), 'isogloss-linguist-'))
})
test.afterAll(() => rm(documents, { recursive: true, force: true }))

/** 600 people at 200 places: west of 10 degrees east "pop", east of it "soda"; the young less so. Everybody has a remark of their own. */
function survey(): string {
  const random = seededRandom(8)
  const rows = ['id,latitude,longitude,age,Q1,Q2,Q3,Q4']
  for (let site = 0; site < 200; site++) {
    const [lat, lon] = [46 + 5 * random.next(), 1 + 18 * random.next()]
    for (let i = 0; i < 3; i++) {
      const age = random.next() < 0.5 ? 25 : 65
      const certain = age === 65 ? 0.95 : 0.8
      const drink = random.next() < (lon < 10 ? certain : 1 - certain) ? 'pop' : 'soda'
      const bread = lat > 48.5 === random.next() < 0.9 ? 'bun' : 'roll'
      rows.push(
        `p${site}-${i},${lat.toFixed(4)},${lon.toFixed(4)},${age},${drink},${bread},${random.next() < 0.5 ? 'yes' : 'no'},remark ${site} ${i}`,
      )
    }
  }
  return rows.join('\n')
}

/** Informants of the variants, as the facts beside the map have them. */
const informants = async (page: Page): Promise<number[]> => {
  const texts = await page
    .getByRole('complementary')
    .getByText(/^\d+ informants, \d+ hits$/)
    .allInnerTexts()
  return texts.map((text) => Number(text.split(' ')[0]))
}

test('a linguist’s hour', async () => {
  test.setTimeout(500_000)
  const settings = join(documents, 'settings')
  const first = await launch(undefined, settings)
  await first.app.evaluate(({ app }, path) => app.setPath('documents', path), documents)
  const { page, app } = first
  const file = join(documents, 'survey.csv')
  await writeFile(file, survey())

  await answerDialog(app, [file])
  await page.getByRole('button', { name: 'Choose files…' }).click()
  const answers = page.getByLabel('Survey answers')
  await expect(answers).toBeVisible({ timeout: 30_000 })
  await answers.fill('Q*')
  await answers.press('Enter')
  await expect(page.getByText(/Q1, Q2, Q3, Q4 are answers to 4 questions/)).toBeVisible({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Import 1 file' }).click()
  await page.getByRole('button', { name: 'Explore the words' }).click({ timeout: 60_000 })

  const list = page.getByRole('grid', { name: /^Regional words/ })
  for (const word of ['Q1=soda', 'Q1=pop', 'Q2=bun'])
    await expect(list.getByRole('row', { name: word })).toBeVisible({ timeout: 100_000 })
  await expect(list.getByRole('row').nth(1)).toContainText('Q1=')

  await page.getByRole('textbox').first().fill('Q1=pop')
  await page.getByRole('textbox').nth(1).fill('Q1=soda')
  await page.getByRole('textbox').nth(1).press('Enter')
  const details = page.getByRole('complementary')
  await expect(details.getByText('Homogeneity')).toBeVisible({ timeout: 100_000 })
  const [pop, soda] = (await informants(page)) as [number, number]
  expect(pop + soda).toBe(600)

  // Of three hits from the south on, two are left out and one is counted as the other.
  const concordance = page.getByRole('grid', { name: /^Concordance: 600 hits/ })
  const lines = concordance.getByRole('row')
  await expect(lines.nth(3)).toBeVisible({ timeout: 30_000 })
  const hits = await Promise.all([1, 2, 3].map((row) => lines.nth(row).getByRole('gridcell').nth(1).innerText()))
  await concordance.focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('x')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press(hits[1]!.includes('pop') ? '2' : '1')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('x')
  await page.keyboard.press('u')
  await expect(page.getByText(/^2 edited/)).toBeVisible()
  await page.keyboard.press('x')
  await expect(page.getByText(/^3 edited, .* kept in variables.yaml/)).toBeVisible()
  await expect(concordance.getByText('left out')).toHaveCount(2)
  const wanted: [number, number] = [pop, soda]
  for (const row of [0, 2]) wanted[hits[row]!.includes('pop') ? 0 : 1]--
  const [from, to] = hits[1]!.includes('pop') ? [0, 1] : [1, 0]
  wanted[from]!--
  wanted[to]!++
  await expect.poll(() => informants(page), { timeout: 60_000 }).toEqual(wanted)
  await expect(details.getByText('Homogeneity')).toBeVisible({ timeout: 100_000 })
  await page.screenshot({ path: join(screenshots, 'linguist-edited.png') })
  await expectAccessible(page, 'edited')

  const figure = join(documents, 'pop-soda.svg')
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, figure)
  await page.getByRole('button', { name: 'Save figure…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'SVG…' }).click({ timeout: 30_000 })
  await expect(page.getByText(`Saved as ${figure}.`)).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('Escape')
  expect(await readFile(figure, 'utf8')).toContain('598 informants')

  await page.getByRole('button', { name: 'Compare two groups…' }).click()
  await page.getByRole('dialog').getByLabel('By').selectOption('age')
  await page.getByRole('button', { name: 'Show both' }).click({ timeout: 30_000 })
  await expect(page.getByRole('application')).toHaveCount(2, { timeout: 100_000 })
  await expect(details.getByText('Homogeneity')).toHaveCount(2, { timeout: 100_000 })
  await page.screenshot({ path: join(screenshots, 'linguist-groups.png') })
  expect(first.errors).toEqual([])
  await resize(app, 1130, 730)
  await app.close()

  const second = await launch(undefined, settings)
  // The window stands as it was left.
  expect(await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getSize())).toEqual([
    1130, 730,
  ])
  const again = second.page
  await expect(again.getByRole('navigation').getByText('survey').first()).toBeVisible({ timeout: 60_000 })
  await goTo(again, 'Explore')
  await expect(again.getByRole('textbox').first()).toHaveValue('Q1=pop', { timeout: 30_000 })
  await expect(again.getByRole('textbox').nth(1)).toHaveValue('Q1=soda')
  await expect(again.getByRole('application')).toHaveCount(2, { timeout: 60_000 })
  await expect(again.getByRole('complementary').getByText('Homogeneity')).toHaveCount(2, { timeout: 60_000 })
  await expect(again.getByText(/^3 edited, .* kept in variables.yaml/)).toBeVisible({ timeout: 30_000 })
  const sum = (await informants(again)).reduce((a, b) => a + b, 0)
  expect(sum).toBe(598)
  const kept = await readFile(join(documents, 'Isogloss', 'survey', 'variables.yaml'), 'utf8')
  expect(kept.match(/document:/g)).toHaveLength(3)
  expect(second.errors).toEqual([])
  await second.app.close()
})
