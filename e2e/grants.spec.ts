import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { launch } from './launch.ts'
import { answerDialog, dropFiles } from './person.ts'

/** What a page can reach by itself: nothing but what the person chose. */

let directory: string
test.beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-grants-'))))
test.afterAll(() => rm(directory, { recursive: true, force: true }))

/** As code that got into the page would: takes an engine of its own and asks it; again where the page takes its engine back. */
async function askAsPage(page: Page, method: string, params: unknown): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const answer = await askOnce(page, method, params)
    if (answer !== 'silent') return answer
  }
  return 'silent'
}

const askOnce = (page: Page, method: string, params: unknown): Promise<string> =>
  page.evaluate(
    async ([name, values]) => {
      const asked = (async () => {
        const ports = new Promise<MessagePort>((taken) => {
          window.addEventListener('message', ({ ports: [port] }) => port && taken(port), { capture: true, once: true })
        })
        const { isogloss } = window as unknown as { isogloss: { call(call: string, params: null): Promise<unknown> } }
        await isogloss.call('connectEngine', null)
        const port = await ports
        return new Promise<string>((answered) => {
          port.addEventListener('message', ({ data }: MessageEvent<{ id?: number; error?: { code: string } }>) => {
            if (data.id === 1_000_000) answered(data.error?.code ?? 'answered')
          })
          port.start()
          port.postMessage({ kind: 'request', id: 1_000_000, method: name, params: values })
        })
      })()
      return Promise.race([asked, new Promise<string>((silent) => setTimeout(silent, 4000, 'silent'))])
    },
    [method, params] as const,
  )

const callAsPage = (page: Page, call: string, params: unknown): Promise<string> =>
  page.evaluate(
    ([name, values]) =>
      (window as unknown as { isogloss: { call(call: string, params: unknown): Promise<unknown> } }).isogloss
        .call(name, values)
        .then(
          () => 'answered',
          (error: Error) => error.message,
        ),
    [call, params] as const,
  )

test('a page reads and makes nothing that the person did not choose, and what was chosen is known at the next start', async () => {
  const [project, settings] = [join(directory, 'project'), join(directory, 'settings')]
  await mkdir(project)
  await mkdir(settings)
  const files = ['chosen.txt', 'dropped.txt', 'other.txt'].map((name) => join(directory, name))
  for (const file of files)
    await writeFile(file, Array.from({ length: 60 }, (_, i) => `u${i}\t46.${i}\t7.${i}\tgrüezi ${i}\n`).join(''))
  const [chosen, dropped, other] = files as [string, string, string]
  const preview = (page: Page, file: string) => askAsPage(page, 'corpus.preview', { files: [file] })

  const first = await launch(undefined, settings)
  const { app, page } = first
  await answerDialog(app, [project])
  await page.keyboard.press('Control+n')
  await expect(page.getByRole('heading', { name: 'Corpus', exact: true })).toBeVisible({ timeout: 30_000 })
  await answerDialog(app, [chosen])
  await page.getByRole('button', { name: /^Choose files/ }).click()
  await expect(page.getByRole('heading', { name: 'First rows' })).toBeVisible({ timeout: 30_000 })
  await dropFiles(page, page.getByRole('group', { name: 'Corpus files' }), [dropped])
  await expect(page.getByRole('rowheader', { name: /dropped\.txt/ })).toBeVisible({ timeout: 30_000 })

  expect(await preview(page, chosen)).toBe('answered')
  expect(await preview(page, dropped)).toBe('answered')
  expect(await preview(page, other)).toBe('path/not-granted')
  expect(await askAsPage(page, 'project.create', { directory: join(directory, 'made') })).toBe('path/not-granted')
  expect(await callAsPage(page, 'rememberProject', directory)).toMatch(/was not chosen in this window/)
  expect(await callAsPage(page, 'showInFolder', '/etc')).toMatch(/was not chosen in this window/)
  expect(await callAsPage(page, 'grantDropped', other)).toMatch(/has no call/)
  await app.close()

  const again = await launch(undefined, settings)
  await expect(again.page.getByRole('heading', { name: 'project', exact: true })).toBeVisible({ timeout: 30_000 })
  expect(await preview(again.page, chosen)).toBe('answered')
  expect(await preview(again.page, other)).toBe('path/not-granted')
  await again.app.close()

  const elsewhere = await launch(project)
  expect(await preview(elsewhere.page, chosen)).toBe('path/not-granted')
  await elsewhere.app.close()
})
