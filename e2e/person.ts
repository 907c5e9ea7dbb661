import { AxeBuilder } from '@axe-core/playwright'
import { expect, type ElectronApplication, type Page } from '@playwright/test'

/** What a person does with the window, and what they may expect of every view. */

/** The system's own dialogue is not the page's: what a person would choose in it is answered for them. */
export const answerDialog = (app: ElectronApplication, paths: string[]) =>
  app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths })
  }, paths)

/** The same where a file is to be saved: in a folder, by the name that the program proposes. */
export const answerSave = (app: ElectronApplication, directory: string) =>
  app.evaluate(({ dialog }, folder) => {
    dialog.showSaveDialog = ((...args: unknown[]) => {
      const { defaultPath } = args.at(-1) as { defaultPath: string }
      return Promise.resolve({ canceled: false, filePath: `${folder}/${defaultPath}` })
    }) as typeof dialog.showSaveDialog
  }, directory)

/** Saves a figure of what is shown and its data, and gives the words that the dialogue ends with for each. */
export async function saveFigure(page: Page, buttons: readonly string[]): Promise<string[]> {
  await page.getByRole('button', { name: 'Save figure…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save figure' })
  await expect(dialog.getByRole('img', { name: 'The figure as it will be saved' })).toBeVisible({ timeout: 30_000 })
  const said: string[] = []
  for (const button of buttons) {
    await dialog.getByRole('button', { name: button }).click()
    const kind = button.includes('LaTeX') ? 'tex' : /CSV|GeoJSON|PDF|SVG|PNG/.exec(button)![0].toLowerCase()
    await expect(dialog.getByRole('status')).toHaveText(new RegExp(`^Saved as .*\\.${kind}\\.$`), { timeout: 30_000 })
    said.push(await dialog.getByRole('status').innerText())
  }
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  return said.map((words) => words.replace(/^Saved as (.*)\.$/, '$1'))
}

/** Presses Tab until the named button has the focus, then Enter: what is out of the keyboard's reach fails here. */
export async function reachAndPress(page: Page, name: string | RegExp): Promise<void> {
  const button = page.getByRole('button', { name }).first()
  await expect(button).toBeEnabled({ timeout: 30_000 })
  for (let presses = 0; presses < 120; presses++) {
    if (await button.evaluate((element) => element === element.ownerDocument.activeElement)) {
      await page.keyboard.press('Enter')
      return
    }
    await page.keyboard.press('Tab')
  }
  throw new Error(`The keyboard did not reach ${String(name)} in 120 presses of Tab.`)
}

/** Drops files from outside on an element, as the system's file manager does: with paths, which a script cannot forge. */
export async function dropFiles(page: Page, on: ReturnType<Page['getByRole']>, files: string[]): Promise<void> {
  const box = await on.boundingBox()
  if (!box) throw new Error('There is nothing to drop on.')
  const client = await page.context().newCDPSession(page)
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, data: { items: [], files, dragOperationsMask: 1 } }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await client.send('Input.dispatchDragEvent', { type, ...at })
  await client.detach()
}

export const goTo = (page: Page, stage: string) =>
  page
    .getByRole('navigation')
    .getByRole('button', { name: new RegExp(`^${stage}`) })
    .click()

export async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  expect
    .soft(
      violations.map(({ id, nodes }) => `${where}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
    )
    .toEqual([])
}

/** As an item of the menu does. */
export const tellCommand = (app: ElectronApplication, command: string) =>
  app.evaluate(
    ({ BrowserWindow }, id) => BrowserWindow.getAllWindows()[0]?.webContents.send('command', { id }),
    command,
  )

export const chooseTheme = (app: ElectronApplication, theme: 'light' | 'dark') => tellCommand(app, `theme.${theme}`)

export const resize = (app: ElectronApplication, width: number, height: number) =>
  app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setSize(size.width, size.height), {
    width,
    height,
  })
