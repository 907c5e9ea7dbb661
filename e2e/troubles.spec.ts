import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { launch } from './launch.ts'
import { expectAccessible } from './person.ts'

/** What goes wrong outside of any call is said to the person, and the window stays of use. */

let settings: string
test.beforeEach(async () => (settings = await mkdtemp(join(tmpdir(), 'isogloss-settings-'))))
test.afterEach(() => rm(settings, { recursive: true, force: true }))

test('settings that cannot be used are set back, kept aside and said once', async () => {
  const broken = '{"recentProjects": null, "theme": "sepia", "inspectorOpen": false}'
  await writeFile(join(settings, 'window.json'), broken)
  const { app, page, errors } = await launch(undefined, settings)
  const notice = page.getByText(/settings could not be used \(theme, recentProjects\)/)
  await expect(notice).toBeVisible({ timeout: 30_000 })
  await expectAccessible(page, 'settings set back')
  await app.close()
  expect(await readFile(join(settings, 'settings.broken.json'), 'utf8')).toBe(broken)
  expect(JSON.parse(await readFile(join(settings, 'window.json'), 'utf8'))).toMatchObject({
    theme: 'system',
    recentProjects: [],
    inspectorOpen: false,
  })

  const again = await launch(undefined, settings)
  await expect(again.page.getByText('No project open').first()).toBeVisible({ timeout: 30_000 })
  await expect(again.page.getByText(/settings could not be used/)).toBeHidden()
  expect([...errors, ...again.errors]).toEqual([])
  await again.app.close()
})

test('errors that nobody caught are shown: in the shell, thrown and rejected, and in the page', async () => {
  const { app, page } = await launch(undefined, settings)
  await expect(page.getByText('No project open').first()).toBeVisible({ timeout: 30_000 })
  await app.evaluate(() => {
    setTimeout(() => {
      throw new Error('thrown in the shell')
    })
    setTimeout(() => void Promise.reject(new Error('rejected in the shell')))
  })
  await expect(page.getByText(/no words for: thrown in the shell/)).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText(/no words for: rejected in the shell/)).toBeVisible()
  await page.evaluate(() => {
    setTimeout(() => {
      throw new Error('thrown in the page')
    })
    setTimeout(() => void Promise.reject(new Error('rejected in the page')))
  })
  await expect(page.getByText(/no words for: thrown in the page/)).toBeVisible()
  await expect(page.getByText(/no words for: rejected in the page/)).toBeVisible()
  await expectAccessible(page, 'unexpected errors')
  await app.close()
})
