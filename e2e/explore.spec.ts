import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { isogloss } from '../src/cli/integration/commandLine.ts'
import { launch, type Launched } from './launch.ts'
import { answerSave, chooseTheme, expectAccessible, goTo, resize, saveFigure } from './person.ts'
import { regionalCorpus } from './regionalCorpus.ts'

/** The explorer: what is regional, where a word is used, where one gives way to another; nothing is trained. */

const screenshots = join(resolve(import.meta.dirname, '..'), 'test-results', 'screenshots')
let directory: string
let open: Launched

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  await mkdir(screenshots, { recursive: true })
  directory = await mkdtemp(join(tmpdir(), 'isogloss-explore-'))
  const project = join(directory, 'project')
  await writeFile(join(directory, 'drinks.csv'), regionalCorpus())
  const imported = await isogloss('import', join(directory, 'drinks.csv'), '--project', project)
  expect(imported.code, imported.stderr).toBe(0)
  open = await launch(project)
})
test.afterAll(async () => {
  await open.app.close()
  await rm(directory, { recursive: true, force: true })
})

const ask = async (...patterns: string[]) => {
  const { page } = open
  const fields = page.getByRole('main').getByRole('textbox')
  for (let i = (await fields.count()) - 2; i > 0; i--)
    await page
      .getByRole('button', { name: /^Take .* out$/ })
      .nth(i - 1)
      .click()
  const said = page.getByRole('button', { name: /^Dismiss: .* is taken out/ })
  if (await said.isVisible()) await said.click()
  for (const [i, pattern] of patterns.entries()) await fields.nth(i).fill(pattern)
  await fields.nth(patterns.length - 1).press('Enter')
}

/** As a person would look at it: small and large, light and dark. */
async function lookAt(name: string) {
  for (const [width, height] of [
    [1280, 800],
    [2560, 1440],
  ] as const) {
    await resize(open.app, width, height)
    for (const theme of ['light', 'dark'] as const) {
      await chooseTheme(open.app, theme)
      await open.page.waitForTimeout(700)
      await open.page.screenshot({ path: join(screenshots, `${name}-${width}-${theme}.png`) })
    }
    await expectAccessible(open.page, `${name}, ${width}`)
  }
  await resize(open.app, 1280, 800)
  await chooseTheme(open.app, 'light')
}

test('ranks the words and shows the first of them, unasked', async () => {
  const { page } = open
  await goTo(page, 'Explore')
  const list = page.getByRole('grid', { name: /^Regional words/ })
  await expect(list.getByRole('row', { name: /zib/ })).toBeVisible({ timeout: 60_000 })
  for (const word of ['soda', 'zab']) await expect(list.getByRole('row', { name: new RegExp(word) })).toBeVisible()
  await expect(list.getByRole('row', { name: /drink|the/ })).toHaveCount(0)
  await expect(page.getByRole('application', { name: /^Map of / })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('complementary').getByText(/p < \.001/)).toBeVisible()
  await expect(page.getByRole('grid', { name: /^Concordance: \d+ hits of \d+ informants/ })).toBeVisible({
    timeout: 30_000,
  })
  await lookAt('explore-word')
})

test('the list is gone through with the arrows, and + sets a word against another', async () => {
  const { page } = open
  const list = page.getByRole('grid', { name: /^Regional words/ })
  const words = await list.getByRole('row').locator('bdi').allInnerTexts()
  await list.focus()
  await page.keyboard.press('Home')
  await expect(page.getByRole('application', { name: `Map of ${words[0]}` })).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('application', { name: `Map of ${words[1]}` })).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('+')
  await expect(page.getByRole('application', { name: `Map of ${words[1]} against ${words[2]}` })).toBeVisible({
    timeout: 30_000,
  })
})

test('names of places are hidden from the ranking until they are wanted', async () => {
  const { page } = open
  const list = page.getByRole('grid', { name: /^Regional words/ })
  // Pop is a town in Uzbekistan.
  await expect(list.getByRole('row', { name: /^pop / })).toHaveCount(0)
  await page.getByRole('group', { name: 'Listed too' }).getByLabel('names').check()
  await expect(list.getByRole('row', { name: /^pop / })).toBeVisible({ timeout: 60_000 })
  await page.getByRole('group', { name: 'Listed too' }).getByLabel('names').uncheck()
  await expect(list.getByRole('row', { name: /^pop / })).toHaveCount(0)
})

test('a width of the kernel is set by hand, beside what the criterion says', async () => {
  const { page } = open
  const details = page.getByRole('complementary')
  await details.getByLabel('Width, km').fill('150')
  await details.getByLabel('Width, km').press('Enter')
  await expect(details.getByText(/Gaussian, 150 km, set by hand; sites\s+are\s+foretold best from the others at \d+ km/)).toBeVisible({ timeout: 60_000 }) // prettier-ignore
  await expect(details.getByRole('img', { name: /best at \d+ km, 150 km on the map/ })).toBeVisible()
  await page.screenshot({ path: join(screenshots, 'explore-kernel.png') })
  await expectAccessible(page, 'kernel')
  await details.getByRole('button', { name: 'By the criterion' }).click()
  await expect(details.getByText(/the width that foretells\s+a\s+site best/)).toBeVisible({ timeout: 60_000 })
})

test('two patterns make an isogloss with its bands, shown one by one', async () => {
  const { page } = open
  await ask('pop', 'soda')
  const details = page.getByRole('complementary')
  await expect(details.getByText('Homogeneity')).toBeVisible({ timeout: 60_000 })
  await lookAt('explore-line')
  await page.getByRole('button', { name: 'Take soda out' }).click()
  await expect(page.getByRole('application', { name: 'Map of pop', exact: true })).toBeVisible({ timeout: 30_000 })
  await page.getByRole('log', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('textbox', { name: 'against' })).toHaveValue('soda')
  await expect(details.getByText('Homogeneity')).toBeVisible({ timeout: 60_000 })
  const parts = page.getByRole('group', { name: 'Shown on the map' })
  for (const part of ['Sites', 'Surface', 'Line', 'Bands']) await expect(parts.getByLabel(part)).toBeChecked()
  const map = page.getByRole('application', { name: 'Map of pop against soda' })
  const pictures = new Set<string>()
  for (const part of ['Sites', 'Surface', 'Bands', 'Line']) {
    pictures.add((await map.screenshot()).toString('base64'))
    await parts.getByLabel(part).uncheck()
    await page.waitForTimeout(300)
  }
  pictures.add((await map.screenshot()).toString('base64'))
  expect(pictures.size).toBe(5)
  for (const part of ['Sites', 'Surface', 'Line', 'Bands']) await parts.getByLabel(part).check()
  await page.getByRole('button', { name: 'Table of sites' }).click()
  await expect(page.getByRole('grid', { name: /^Sites and who uses what/ })).toHaveAttribute('aria-rowcount', '301')
  await page.getByRole('button', { name: 'Concordance' }).click()
})

test('the figure is saved as SVG and PNG, its data as GeoJSON, its caption copied', async () => {
  const { page, app } = open
  await page.getByRole('button', { name: 'Save figure…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('img', { name: 'The figure as it will be saved' })).toBeVisible({ timeout: 30_000 })
  await page.waitForTimeout(500)
  await page.screenshot({ path: join(screenshots, 'explore-save.png') })
  await expectAccessible(page, 'save figure')
  for (const [button, ending, begins] of [
    ['SVG…', 'svg', '<svg'],
    ['PNG…', 'png', '\u{89}PNG'],
    ['Data as GeoJSON…', 'geojson', '{"type":"FeatureCollection"'],
    ['Data as CSV…', 'csv', 'lat,lon,informants,pop,soda'],
  ] as const) {
    const file = join(directory, `figure.${ending}`)
    await app.evaluate(({ dialog: system }, filePath) => {
      system.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
    }, file)
    await dialog.getByRole('button', { name: button }).click()
    await expect(dialog.getByText(`Saved as ${file}.`)).toBeVisible({ timeout: 30_000 })
    expect((await readFile(file)).toString('latin1').slice(0, begins.length)).toBe(begins)
  }
  expect(await readFile(join(directory, 'figure.svg'), 'utf8')).toContain('Isogloss by a binomial GAM')
  await dialog.getByRole('button', { name: 'Copy caption' }).click()
  await expect(dialog.getByText('The caption is on the clipboard.')).toBeVisible()
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toContain('900 informants at 300 sites')
  await page.keyboard.press('Escape')
})

test('two groups stand beside each other on maps that move together', async () => {
  const { page } = open
  await page.getByRole('button', { name: 'Compare two groups…' }).click()
  await expect(page.getByRole('dialog').getByText('age up to 25 beside age from 65')).toBeVisible({ timeout: 30_000 })
  await expectAccessible(page, 'groups')
  await page.getByRole('button', { name: 'Show both' }).click()
  const maps = ['age up to 25', 'age from 65'].map((part) =>
    page.getByRole('application', { name: `Map of pop against soda, ${part}` }),
  )
  for (const map of maps) await expect(map).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('complementary').getByText('Homogeneity')).toHaveCount(2, { timeout: 60_000 })
  const informants = await page
    .getByRole('complementary')
    .getByText(/^\d+ at \d+ sites$/)
    .allInnerTexts()
  expect(informants.map((text) => Number(text.split(' ')[0])).reduce((a, b) => a + b, 0)).toBe(900)
  await lookAt('explore-groups')
  const scale = (map: (typeof maps)[number]) =>
    map
      .locator('xpath=ancestor::section[1]')
      .getByText(/^[\d,.]+ km$/)
      .innerText()
  const whole = await scale(maps[0]!)
  await maps[0]!.focus()
  for (let i = 0; i < 4; i++) await page.keyboard.press('+')
  await expect.poll(() => scale(maps[1]!)).not.toBe(whole)
  expect(await scale(maps[1]!)).toBe(await scale(maps[0]!))
  await page.getByRole('button', { name: 'Difference', exact: true }).click()
  await expect(page.getByText('Nothing is told apart.')).toBeVisible({ timeout: 60_000 })
  await ask('yeah')
  const difference = page.getByRole('application', { name: 'Difference of yeah: age up to 25 less age from 65' })
  await expect(difference).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('complementary').getByText('Yes, somewhere')).toBeVisible({ timeout: 60_000 })
  await expect(difference).toHaveAccessibleDescription(
    /age up to 25: up to \d+ points more. age from 65: nowhere more./,
  )
  await lookAt('explore-difference')
  await page.getByRole('button', { name: 'Table of sites' }).click()
  await expect(page.getByRole('grid', { name: /^Sites of both groups/ })).toHaveAttribute('aria-rowcount', '301')
  await page.getByRole('button', { name: 'Concordance' }).click()
  await answerSave(open.app, directory)
  const saved = await saveFigure(page, ['SVG…', 'Data as CSV…'])
  expect(await readFile(saved[0]!, 'utf8')).toContain('age up to 25 less age from 65, in percentage points')
  await page.getByRole('button', { name: 'Side by side' }).click()
  await page.getByRole('button', { name: 'Show the whole again' }).click()
  await expect(page.getByRole('application')).toHaveCount(1)
  await page.getByRole('button', { name: 'Dismiss: The whole is shown again' }).click()
  await ask('pop', 'soda')
})

test('a condition lets only some documents in, the ranking too', async () => {
  const { page } = open
  await page.getByRole('button', { name: 'Only where…' }).click()
  await page.getByRole('dialog').getByLabel('from').fill('60')
  await expectAccessible(page, 'condition')
  await page.getByRole('button', { name: 'Show only these' }).click()
  await expect(page.getByText('only age from 60')).toBeVisible()
  await expect(page.getByRole('complementary').getByText(/^4\d\d at \d+ sites$/)).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('main').getByText(/regional, by 4\d\d informants/)).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Take the condition age from 60 away' }).click()
  const messages = page.getByRole('log', { name: 'Messages' })
  await messages.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('only age from 60')).toBeVisible()
  await page.getByRole('button', { name: 'Take the condition age from 60 away' }).click()
  await messages.getByRole('button', { name: /^Dismiss: All documents/ }).click()
  await expect(page.getByRole('complementary').getByText('900 at 300 sites')).toBeVisible({ timeout: 60_000 })
})

test('where nothing can be said the map says why', async () => {
  const { page } = open
  await ask('today', 'drink')
  await expect(page.getByText(/There is no sign of geography/).first()).toBeVisible({ timeout: 60_000 })
  await ask('nobodysaysthis')
  await expect(page.getByRole('alert').getByText(/Nobody in the corpus uses nobodysaysthis/)).toBeVisible({
    timeout: 30_000,
  })
  await ask('*')
  await expect(page.getByRole('alert')).toBeHidden({ timeout: 30_000 })
})

test('what a part of the map says more than the rest: drawn by hand, by degrees, stopped, refused', async () => {
  const { page } = open
  await page.getByRole('button', { name: 'typical', exact: true }).click()
  await page.getByRole('button', { name: 'Draw on the map' }).click()
  const map = page.getByRole('application')
  const box = (await map.boundingBox())!
  // The north-west, where "zib" is said.
  const corner = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const
  await page.mouse.move(...corner(0.25, 0.03))
  await page.mouse.down()
  for (const [x, y] of [
    [0.45, 0.03],
    [0.45, 0.42],
    [0.1, 0.42],
    [0.2, 0.05],
  ] as const)
    // prettier-ignore
    await page.mouse.move(...corner(x, y), { steps: 8 })
  await page.screenshot({ path: join(screenshots, 'explore-lasso.png') })
  await page.mouse.up()
  const list = page.getByRole('grid', { name: /^Typical words/ })
  await expect(list.getByRole('row', { name: /^zib / })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('status').getByText(/^the shape from .*: \d+ informants against \d+$/)).toBeVisible()
  await list.focus()
  await page.keyboard.press('Home')
  await expect(page.getByRole('application', { name: /^Map of (zib|zab)$/ })).toBeVisible({ timeout: 30_000 })
  await lookAt('explore-typical')

  const degrees = page.getByRole('group', { name: 'or from degree to degree' })
  for (const [side, value] of [
    ['south', '41'],
    ['north', '52'],
    ['west', '11'],
    ['east', '20'],
  ] as const)
    await degrees.getByLabel(side).fill(value)
  await degrees.getByLabel('east').press('Enter')
  await expect(list.getByRole('row', { name: /^soda / })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(/the shape from 41\.0 to 52\.0 latitude, 11\.0 to 20\.0 longitude/)).toBeVisible()
  await degrees.getByLabel('south').fill('60')
  await expect(page.getByText('The south lies north of the north.')).toBeVisible()
  await degrees.getByLabel('north').fill('70')
  await degrees.getByLabel('north').press('Enter')
  await expect(page.getByRole('alert').getByText(/there is nothing to compare with/)).toBeVisible({ timeout: 30_000 })
  await page.getByLabel('Typical of').selectOption('a label')
  await expect(page.getByText(/No labels yet/)).toBeVisible()
  await page.getByRole('button', { name: 'regional', exact: true }).click()
})

test('variables are kept, and the lines of several laid over one another: map, list and small maps', async () => {
  const { page } = open
  await page.getByRole('button', { name: 'variables', exact: true }).click()
  await expect(page.getByText('No variables yet')).toBeVisible()
  for (const [one, other] of [
    ['pop', 'soda'],
    ['zib', 'drink'],
    ['hm', 'ah'],
  ] as const) {
    await ask(one, other)
    await page.getByRole('button', { name: `Keep “${one} · ${other}”` }).click()
    await expect(page.getByRole('checkbox', { name: `${one} - ${other} in the bundle` })).toBeChecked({
      timeout: 60_000,
    })
  }
  await page.getByRole('button', { name: 'Lay 3 lines over one another' }).click()
  await expect(page.getByRole('application', { name: 'Bundle of 3 isoglosses' })).toBeVisible({ timeout: 120_000 })
  const list = page.getByRole('grid', { name: 'Lines of the bundle' })
  await expect(list.getByRole('row', { name: /^pop - soda .* drawn$/ })).toBeVisible()
  await expect(list.getByRole('row', { name: /^hm - ah .*There is no sign of geography/ })).toBeVisible()
  await list.focus()
  await page.keyboard.press('ArrowDown')
  await lookAt('explore-bundle')
  await page.getByRole('button', { name: 'Small maps' }).click()
  await page.screenshot({ path: join(screenshots, 'explore-small-maps.png') })
  await expectAccessible(page, 'small maps')

  const names = page.getByRole('grid', { name: /^Variables/ })
  await names.focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('End')
  await expect(page.getByRole('application', { name: 'Map of hm against ah' })).toBeVisible({ timeout: 60_000 })
  await page.keyboard.press(' ')
  await expect(page.getByRole('button', { name: 'Lay 2 lines over one another' })).toBeVisible()
  await page.keyboard.press('Delete')
  await expect(names.getByRole('row', { name: /hm - ah/ })).toHaveCount(0, { timeout: 30_000 })
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(names.getByRole('row', { name: /hm - ah/ })).toBeVisible({ timeout: 30_000 })
  await page.getByRole('button', { name: 'regional', exact: true }).click()
})

test('three patterns make areas, endings are ranked too', async () => {
  const { page } = open
  await ask('pop', 'soda', 'zib')
  await expect(
    page
      .getByRole('complementary')
      .getByText(/^between .* and /)
      .first(),
  ).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('group', { name: 'Shown on the map' }).getByLabel('Areas')).toBeChecked()
  await lookAt('explore-areas')
  await page.getByRole('button', { name: 'endings' }).click()
  await expect(page.getByRole('grid', { name: /^Regional endings/ }).getByRole('row', { name: /-da/ })).toBeVisible({
    timeout: 60_000,
  })
  expect(open.errors).toEqual([])
})
