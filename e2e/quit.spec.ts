import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type ElectronApplication } from '@playwright/test'
import { isogloss } from '../src/cli/integration/commandLine.ts'
import { smallExperiment } from '../src/cli/integration/experiment.ts'
import { fakeSlurm } from './fakeSlurm.ts'
import { launch } from './launch.ts'
import { lookAt } from './looked.ts'
import { expectAccessible, goTo, reachAndPress } from './person.ts'

/** What happens round a job that is longer than a person's patience, and to what it made. */

let directory: string
let project: string

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-quit-'))
  project = join(directory, 'project')
  const labels = await isogloss('labels', await smallExperiment(directory), '--project', project)
  expect(labels.code, labels.stderr).toBe(0)
})
test.afterAll(() => rm(directory, { recursive: true, force: true }))

/** Whether something keeps the machine from sleeping; ids count up from 0. */
const staysAwake = (app: ElectronApplication) =>
  app.evaluate(({ powerSaveBlocker }) =>
    Array.from({ length: 20 }, (_, id) => powerSaveBlocker.isStarted(id)).includes(true),
  )

test('a quit in the middle resumes at the next start, and the machine stays awake meanwhile', async () => {
  const settings = await mkdtemp(join(tmpdir(), 'isogloss-settings-'))
  const first = await launch(project, settings)
  await goTo(first.page, 'Training')
  expect(await staysAwake(first.app)).toBe(false)
  await first.page.getByRole('button', { name: /^Train \d+ runs/ }).click()
  await expect(first.page.getByRole('region', { name: 'Job' }).getByText(/Train kd/)).toBeVisible({ timeout: 60_000 })
  expect(await staysAwake(first.app)).toBe(true)
  const gone = first.app.waitForEvent('close')
  await first.app.evaluate(({ app, dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false })
    setTimeout(() => app.quit())
  })
  await gone
  expect(JSON.parse(await readFile(join(project, 'project.json'), 'utf8'))).toMatchObject({ unfinished: 'small' })

  // Started as from a desktop, without a word about the project: it is opened and goes on by itself.
  const second = await launch(undefined, settings)
  await expect(second.page.getByText(/^Finished after/)).toBeVisible({ timeout: 150_000 })
  expect(await staysAwake(second.app)).toBe(false)
  await second.app.close()
  expect(JSON.parse(await readFile(join(project, 'project.json'), 'utf8'))).toMatchObject({ unfinished: null })

  const third = await launch(undefined, settings)
  await expect(third.page.getByRole('navigation').getByText('project', { exact: true })).toBeVisible({
    timeout: 30_000,
  })
  await expect(third.page.getByRole('region', { name: 'Job' }).getByText(/Train/)).toBeHidden()
  expect([...first.errors, ...second.errors, ...third.errors]).toEqual([])
  await third.app.close()
  await rm(settings, { recursive: true, force: true })
})

test('an engine that does not stay up is not started for ever, and comes back when asked', async () => {
  const { app, page } = await launch(project)
  await expect(page.getByRole('navigation').getByText('synthetic corpus')).toBeVisible({ timeout: 30_000 })
  for (let end = 1; end <= 3; end++) {
    await expect(page.getByText('Engine ready')).toBeVisible({ timeout: 30_000 })
    await app.evaluate(async ({ app: program }) => {
      const engineOf = () => program.getAppMetrics().find(({ name }) => name === 'Isogloss engine')
      while (!engineOf()) await new Promise((done) => setTimeout(done, 100))
      process.kill(engineOf()!.pid, 'SIGKILL')
    })
    await expect(page.getByText(end < 3 ? /was started again/ : /The engine stopped 3 times/).first()).toBeVisible({
      timeout: 30_000,
    })
    await page
      .getByRole('button', { name: /^Dismiss: The engine stopped/ })
      .first()
      .click({ trial: end === 3 })
  }
  await expect(page.getByRole('contentinfo').getByText('Engine stopped')).toBeVisible()
  await page.getByRole('button', { name: 'Start the engine again' }).click()
  await expect(page.getByRole('contentinfo').getByText('Engine ready')).toBeVisible({ timeout: 30_000 })
  await goTo(page, 'Labels')
  await expect(page.getByRole('main').getByText(/k-d tree, \d+ labels/)).toBeVisible({ timeout: 30_000 })
  await app.close()
})

test('artefacts show their size and are deleted when the person means it', async () => {
  const { app, page, errors } = await launch(project)
  await goTo(page, 'Artefacts')
  const rows = page.getByRole('main').getByRole('row')
  const run = rows.filter({ hasText: 'Train kd/stl, seed 1' })
  await expect(run).toContainText(/\d (KiB|MiB)/)
  const before = await rows.count()
  await run.getByRole('button', { name: /^Delete/ }).click()
  const asked = page.getByRole('dialog')
  await expectAccessible(page, 'asking before a deletion')
  await asked.getByRole('button', { name: 'Keep it' }).click()
  await expect(run).toBeVisible()
  await run.getByRole('button', { name: /^Delete/ }).click()
  await asked.getByRole('button', { name: /^Delete/ }).click()
  await expect(run).toBeHidden({ timeout: 30_000 })
  expect(await rows.count()).toBe(before - 1)
  // It lies in the trash until the project is closed.
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(run).toBeVisible({ timeout: 30_000 })
  await run.getByRole('button', { name: /^Delete/ }).click()
  await asked.getByRole('button', { name: /^Delete/ }).click()
  await expect(run).toBeHidden({ timeout: 30_000 })
  await goTo(page, 'Training')
  await expect(page.getByRole('button', { name: /^Train 1 run/ })).toBeVisible({ timeout: 30_000 })
  expect(errors).toEqual([])
  await app.close()
})

test('a project with damaged files opens, says what is wrong, and lets go of it', async () => {
  const damaged = join(directory, 'damaged')
  await cp(project, damaged, { recursive: true })
  const [corpus] = await readdir(join(damaged, 'corpora'))
  await truncate(join(damaged, 'corpora', corpus!, 'corpus.json'))
  const { app, page, errors } = await launch(damaged)
  const wrong = page.getByRole('region', { name: 'Damaged artefacts' })
  await expect(wrong).toContainText(/corpus\.json has 0 bytes, expected \d+/, { timeout: 30_000 })
  await expectAccessible(page, 'a project with damaged files')
  await wrong.getByRole('button', { name: /^Delete/ }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Delete/ })
    .click()
  await expect(wrong).toBeHidden({ timeout: 30_000 })
  expect(await readdir(join(damaged, 'corpora'))).toEqual([])
  expect(errors).toEqual([])
  await app.close()
})

test('a project of a newer version is refused in words and left as it is', async () => {
  const newer = join(directory, 'newer')
  await cp(project, newer, { recursive: true })
  const written = (await readFile(join(project, 'project.json'), 'utf8')).replace(
    '"formatVersion": 1',
    '"formatVersion": 9',
  )
  await writeFile(join(newer, 'project.json'), written)
  const { app, page } = await launch(newer)
  await expect(page.getByText(/has project format 9; this Isogloss reads up to 1/)).toBeVisible({ timeout: 30_000 })
  await expectAccessible(page, 'a refused project')
  await app.close()
  expect(await readFile(join(newer, 'project.json'), 'utf8')).toBe(written)
})

test('what was given to a cluster is shown and cancelled; a project that another program works on is shown, and who holds it', async () => {
  const slurm = await fakeSlurm(directory, project, 'small')
  await slurm.down()
  const open = await launch(project)
  const { app, page } = open
  await goTo(page, 'Training')
  const work = page.getByRole('region', { name: 'On the cluster' })
  await expect(work.getByText(/^Slurm could not be asked \(.*contact slurm controller/)).toBeVisible({
    timeout: 30_000,
  })
  await expect(work.getByRole('row', { name: /kd\/mtl\/7 .* running on elsewhere\.example/ })).toBeVisible()
  await expect(work.getByRole('row', { name: /kd\/mtl\/2 .* unknown it last wrote/ })).toBeVisible()
  await slurm.answer(`7|8|0|RUNNING|None|1|n1|
7|7|1|FAILED|NonZeroExitCode|0|n2|
7|7|2|OUT_OF_MEMORY|OutOfMemory|0|n2|
7|7|3|PENDING|Priority|0||
7|7|4|PENDING|BeginTime|2||
7|7|5|PENDING|Dependency|0||
7|7|6|RUNNING|None|0|n2|
`)
  await expect(work.getByRole('status').first()).toHaveText(
    '2 of 9 steps done, 2 running, 1 requeued, 1 queued, 1 waiting, 2 failed',
    { timeout: 30_000 },
  )
  await expect(work.getByRole('row', { name: /kd\/mtl\/2 7_1 failed project\/outside: it leads out/ })).toContainText(
    'submit it again',
  )
  await expect(work.getByRole('row', { name: /kd\/mtl\/3 .* used more memory/ })).toContainText('slurm.yaml')
  await expect(
    work.getByText(/isogloss run .*small\.yaml --project .* --slurm --only kd\/mtl\/2 kd\/mtl\/3/),
  ).toBeVisible()
  await lookAt(open, 'cluster')
  await reachAndPress(page, 'Cancel the jobs…')
  await expect(page.getByRole('dialog', { name: 'Cancel the job of “small”?' })).toContainText('job 7')
  await expectAccessible(page, 'asking before jobs are cancelled')
  await reachAndPress(page, /^Cancel the job$/)
  await expect(work.getByRole('status').first()).toHaveText('2 of 9 steps done, 2 failed, 5 cancelled', {
    timeout: 30_000,
  })
  expect(await slurm.cancelled()).toBe('7')
  await slurm.remove()
  const start = page.getByRole('button', { name: /^Train 1 run/ })
  await expect(start).toBeVisible({ timeout: 30_000 })
  const holder = { host: 'elsewhere.example', processId: 1, processStart: '', since: new Date().toISOString() }
  await writeFile(join(project, 'lock'), JSON.stringify(holder))
  await start.click()
  await expect(page.getByText(/Another program works on .*elsewhere\.example/)).toBeVisible({ timeout: 30_000 })
  await expectAccessible(page, 'a locked project')
  await rm(join(project, 'lock'))
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText(/^Finished after/)).toBeVisible({ timeout: 150_000 })
  await app.close()
})
