import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { quietContext } from '../src/engine/context.ts'
import { generateSample } from '../src/engine/corpus/sample/generateSample.ts'
import { launch, type Launched } from './launch.ts'
import { answerDialog, chooseTheme, dropFiles, expectAccessible, resize } from './person.ts'

/** Files on their way in: dropped, looked at, mended, and what is wrong with them said before anything is imported. */

const screenshots = join(resolve(import.meta.dirname, '..'), 'test-results', 'screenshots')
let directory: string
let open: Launched

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  await mkdir(screenshots, { recursive: true })
  directory = await mkdtemp(join(tmpdir(), 'isogloss-import-'))
  open = await launch()
  const project = join(directory, 'project')
  await mkdir(project)
  await answerDialog(open.app, [project])
  await open.page.keyboard.press('Control+n')
  await expect(open.page.getByRole('heading', { name: 'Corpus', exact: true })).toBeVisible({ timeout: 30_000 })
})
test.afterAll(async () => {
  await open.app.close()
  await rm(directory, { recursive: true, force: true })
})

const zone = () => open.page.getByRole('group', { name: 'Corpus files' })
const removeAll = () => open.page.getByRole('button', { name: 'Discard' }).click()

test('swapped coordinates are seen in a table that is dropped, and swapped back', async () => {
  const { page } = open
  const swiss = Array.from(
    { length: 60 },
    (_, i) => `u${i};${(7.4 + i / 50).toFixed(3)};${(46.9 + i / 100).toFixed(3)};grüezi ${i}`,
  )
  const file = join(directory, 'vertauscht.csv')
  await writeFile(file, ['user;Breite;Länge;text', ...swiss].join('\n'))
  await dropFiles(page, zone(), [file])
  await expect(page.getByText(/Latitude and longitude look swapped/)).toBeVisible({ timeout: 30_000 })
  await expect(page.getByLabel('Latitude')).toHaveValue('Breite')
  await expect(page.getByText('60 of the 60 rows read have usable coordinates')).toBeVisible()
  await page.screenshot({ path: join(screenshots, 'import-swapped.png') })
  await expectAccessible(page, 'swapped')
  await page.getByRole('button', { name: 'Swap latitude and longitude' }).click()
  await expect(page.getByText(/look swapped/)).toBeHidden()
  await expect(page.getByLabel('Latitude')).toHaveValue('Länge')
  await expect(page.getByText(/latitude 46\.90 to 47\.49, longitude 7\.40/).first()).toBeVisible()
  await removeAll()
})

test('swapped coordinates of a text form are swapped back too', async () => {
  const { page } = open
  const file = join(directory, 'vertauscht.txt')
  await writeFile(
    file,
    Array.from(
      { length: 60 },
      (_, i) => `u${i}\t${(7.4 + i / 50).toFixed(3)}\t${(46.9 + i / 100).toFixed(3)}\tgrüezi`,
    ).join('\n'),
  )
  await dropFiles(page, zone(), [file])
  await expect(page.getByText(/look swapped/)).toBeVisible({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Swap latitude and longitude' }).click()
  await expect(page.getByText(/look swapped/)).toBeHidden()
  await page.getByRole('button', { name: 'Import 1 file' }).click()
  await expect(page.getByRole('heading', { name: 'Imported' })).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText(/look swapped/)).toBeHidden()
})

test('what a file was taken for is said in sentences, and corrected in place', async () => {
  const { page } = open
  const file = join(directory, 'umfrage.csv')
  const answers = Array.from(
    { length: 30 },
    (_, i) =>
      `r${i};47,${10 + i};8,${10 + i};${(i % 3) + 1};${i % 2};${i % 5 ? 'soda' : 'soda, pop'};pop;-9;a${i}@b.org;danke`,
  )
  await writeFile(file, ['Kennung;Breite;Länge;Q1;Q2;Q3;Q4;Q5;E-Mail;Bemerkungen', ...answers].join('\n'))
  await dropFiles(page, zone(), [file])
  const reading = page.getByRole('group', { name: 'What the file was taken for' })
  await expect(reading.getByText(/Q1, Q2, Q3, Q4, Q5 are answers to 5 questions/)).toBeVisible({ timeout: 30_000 })
  await expect(reading.getByLabel('Survey answers')).toHaveValue('Q*')
  await expect(reading.getByText(/Left out as personal: E-Mail/)).toBeVisible()
  await expect(reading.getByLabel('Delimiter').locator('option:checked')).toHaveText('semicolon, as found')
  await expectAccessible(page, 'reading')
  for (const [width, height] of [
    [1280, 800],
    [2560, 1440],
  ] as const) {
    await resize(open.app, width, height)
    for (const theme of ['light', 'dark'] as const) {
      await chooseTheme(open.app, theme)
      await page.waitForTimeout(300)
      await page.screenshot({ path: join(screenshots, `import-reading-${width}-${theme}.png`) })
    }
  }
  await chooseTheme(open.app, 'light')
  await resize(open.app, 1280, 800)
  await reading.getByLabel('Survey answers').fill('Q1, Q2')
  await reading.getByLabel('Survey answers').press('Enter')
  await expect(reading.getByText(/Q1, Q2 are answers to 2 questions/)).toBeVisible({ timeout: 30_000 })
  await reading.getByLabel('Delimiter').selectOption('comma')
  await expect(page.getByText(/No column looks like/).first()).toBeVisible({ timeout: 30_000 })
  await reading.getByLabel('Delimiter').selectOption('')
  await expect(reading.getByText(/are answers to 5 questions/)).toBeVisible({ timeout: 30_000 })
  await reading.getByText('keep names and addresses of people').click()
  await expect(reading.getByText(/Kept to filter and slice by: .*E-Mail/)).toBeVisible({ timeout: 30_000 })
  await removeAll()
})

test('every file has its sentences; places and words for codes come from files that are chosen', async () => {
  const { page } = open
  const row = (i: number) => `Ort${i},${(i % 3) + 1},${i % 2},pop,${i % 4},x${i % 2}`
  const first = join(directory, 'erste.csv')
  const second = join(directory, 'zweite.csv')
  const sites = join(directory, 'orte.csv')
  const codes = join(directory, 'codes.csv')
  const rows = Array.from({ length: 12 }, (_, i) => row(i))
  await writeFile(first, ['Ort,Q1,Q2,Q3,Q4,Q5', ...rows].join('\n'))
  await writeFile(second, ['Ort;Q1;Q2;Q3;Q4;Q5', ...rows.map((line) => line.replaceAll(',', ';'))].join('\n'))
  await writeFile(sites, ['name,lat,lon', ...rows.map((_, i) => `Ort${i},47.${10 + i},8.${10 + i}`)].join('\n'))
  await writeFile(codes, 'column,value,text\nQ1,1,soda\nQ1,2,pop\nQ1,3,coke\n')
  await dropFiles(page, zone(), [first, second])
  const reading = page.getByRole('group', { name: 'What the file was taken for' })
  const further = page.getByRole('list', { name: 'What the further files were taken for' })
  await expect(further.getByText(/zweite\.csv.*semicolons between fields/)).toBeVisible({ timeout: 30_000 })
  await answerDialog(open.app, [sites])
  await reading.getByRole('button', { name: 'a map or table of sites…' }).click()
  await expect(page.getByText('12 of the 12 rows read have usable coordinates')).toBeVisible({ timeout: 30_000 })
  await answerDialog(open.app, [codes])
  await reading.getByRole('button', { name: 'a codebook…' }).click()
  await expect(page.getByText(/Q1=soda/).first()).toBeVisible({ timeout: 30_000 })
  await expectAccessible(page, 'further files')
  for (const [width, height] of [
    [1280, 800],
    [2560, 1440],
  ] as const) {
    await resize(open.app, width, height)
    for (const theme of ['light', 'dark'] as const) {
      await chooseTheme(open.app, theme)
      await page.waitForTimeout(300)
      await page.screenshot({ path: join(screenshots, `import-further-${width}-${theme}.png`) })
    }
  }
  await chooseTheme(open.app, 'light')
  await resize(open.app, 1280, 800)
  await reading.getByRole('button', { name: 'Without the file of sites' }).click()
  await expect(page.getByText(/No column looks like latitude/).first()).toBeVisible({ timeout: 30_000 })
  await removeAll()
})

test('rows that were not taken in are named with line and reason', async () => {
  const { page } = open
  const file = join(directory, 'halbgut.txt')
  const rows = Array.from({ length: 40 }, (_, i) =>
    i % 10 === 3 ? 'only two\tfields' : `v${i}\t46.9${i}\t7.4${i}\tgrüezi ${i}`,
  )
  await writeFile(file, rows.join('\n'))
  await dropFiles(page, zone(), [file])
  await expect(page.getByText(/2 rows here with a problem/)).toBeVisible({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Import 1 file' }).click()
  await expect(page.getByRole('heading', { name: 'Imported' })).toBeVisible({ timeout: 30_000 })
  const details = page.getByRole('complementary', { name: 'Corpus details' })
  await page.getByRole('button', { name: 'halbgut.txt' }).click()
  await details.getByText('Which lines').press('Enter')
  await expect(details.getByText('halbgut.txt, line 4.')).toBeVisible({ timeout: 30_000 })
  await expect(details.getByText(/The line has 2 fields between tabs, expected 4/).first()).toBeVisible()
  await expectAccessible(page, 'rejected rows')
})

test('files of the sample corpus are known as synthetic before they are imported', async () => {
  const { page } = open
  const sample = join(directory, 'sample')
  await mkdir(sample)
  await generateSample({ directory: sample, authors: 100, seed: 2 }, quietContext)
  await dropFiles(
    page,
    zone(),
    ['train', 'dev', 'test'].map((fold) => join(sample, `${fold}.txt.gz`)),
  )
  await expect(page.getByRole('main').getByText('synthetic corpus')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByLabel('Fold of dev.txt.gz')).toHaveValue('dev')
  await removeAll()
})

test('a file that cannot be used is refused in words, and another one is taken', async () => {
  const { page } = open
  for (const [name, content, words] of [
    ['empty.txt', '', /is empty\. Name a file with at least one document/],
    ['binary.txt', Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) & 255)), /is not a text file/],
    ['cut.txt.gz', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]), /damaged or cut-off gzip file/],
    ['columns.csv', 'lat,remark\n47,a\n', /No column looks like longitude: choose it/],
  ] as const) {
    const file = join(directory, name)
    await writeFile(file, content)
    await dropFiles(page, zone(), [file])
    await expect(page.getByText(words).first()).toBeVisible({ timeout: 30_000 })
    await expect(page.getByRole('button', { name: 'Import 1 file' })).toBeDisabled()
    if (name === 'empty.txt') await expectAccessible(page, 'a refused file')
    await removeAll()
  }
  await dropFiles(page, zone(), [join(directory, 'vertauscht.csv')])
  await expect(page.getByRole('heading', { name: 'First rows' })).toBeVisible({ timeout: 30_000 })
  await removeAll()
})

test('a file that misses the zone opens nothing', async () => {
  const { page } = open
  await dropFiles(page, page.getByRole('navigation'), [join(directory, 'vertauscht.csv')])
  await expect(page.getByRole('heading', { name: 'Corpus', exact: true })).toBeVisible()
  expect(open.errors).toEqual([])
})
