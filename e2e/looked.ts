import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Launched } from './launch.ts'
import { chooseTheme, expectAccessible, resize } from './person.ts'

export const screenshots = join(resolve(import.meta.dirname, '..'), 'test-results', 'screenshots')

/** Pictures of the window as a person would look at it, small and large, light and dark; each must be accessible. */
export async function lookAt({ app, page }: Launched, name: string): Promise<void> {
  await mkdir(screenshots, { recursive: true })
  for (const [width, height] of [
    [1280, 800],
    [2560, 1440],
  ] as const) {
    await resize(app, width, height)
    for (const theme of ['light', 'dark'] as const) {
      await chooseTheme(app, theme)
      await page.waitForTimeout(700)
      await page.screenshot({ path: join(screenshots, `${name}-${width}-${theme}.png`) })
    }
    await expectAccessible(page, `${name}, ${width}`)
  }
  await resize(app, 1280, 800)
  await chooseTheme(app, 'light')
}
