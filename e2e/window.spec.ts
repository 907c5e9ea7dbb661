import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { smallExperiment } from '../src/cli/integration/experiment.ts'
import { launch } from './launch.ts'

const root = resolve(import.meta.dirname, '..')
const screenshots = join(root, 'test-results', 'screenshots')
let directory: string
let project: string

test.beforeAll(async () => {
  await mkdir(screenshots, { recursive: true })
  directory = await mkdtemp(join(tmpdir(), 'isogloss-e2e-'))
  project = join(directory, 'project')
  const file = await smallExperiment(directory)
  const run = spawnSync(process.execPath, [join(root, 'build', 'isogloss.mjs'), 'run', file, '--project', project], { encoding: 'utf8' })
  expect(run.status, run.stderr).toBe(0)
})
test.afterAll(() => rm(directory, { recursive: true, force: true }))

const goTo = (page: Page, stage: string) => page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${stage}`) }).click()

test('starts without a project and offers to open or create one', async () => {
  const { app, page, errors } = await launch()
  await expect(page.getByText('No project open').first()).toBeVisible()
  await page.screenshot({ path: join(screenshots, 'start.png') })
  expect(errors).toEqual([])
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
    await expect(page.getByRole('main').getByText(sign).filter({ visible: true }).first()).toBeVisible({ timeout: 30_000 })
    await page.waitForTimeout(1500)
    await page.screenshot({ path: join(screenshots, `${stage.toLowerCase().replace(' ', '-')}.png`) })
  }
  expect(errors).toEqual([])
  await app.close()
})
