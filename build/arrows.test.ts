import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'
import { root } from './setup/paths.mjs'

const rules = ['isogloss/arrows', 'isogloss/layers', 'no-restricted-imports']
const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => rules.includes(ruleId),
  // Imports need no types, and a program of all sources takes a minute.
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
})

/** What lint says of the imports of a file, were `line` all of it. */
async function refusals(filePath: string, line: string): Promise<string[]> {
  const text = filePath.endsWith('.svelte') ? `<script lang="ts">\n${line}\n</script>\n` : `${line}\n`
  const [result] = await eslint.lintText(text, { filePath: `${root}/src/renderer/${filePath}` })
  return (result?.messages ?? []).map(({ message }) => message)
}

describe('arrows inside the window', () => {
  // One import against each arrow, by a file that is there.
  it.each([
    ['text/format.ts', '../colours/palette.ts'],
    ['colours/palette.ts', '../maps/PlanarLayer.ts'],
    ['charts/linePath.ts', '../maps/extent.ts'],
    ['maps/AtlasMap.svelte', '../views/map/errorLines.ts'],
    ['state/workbench.svelte.ts', '../views/view.ts'],
    ['state/workbench.svelte.ts', '../shell/viewRegistry.ts'],
    ['parts/ViewFrame.svelte', '../shell/modal.ts'],
    ['parts/ViewFrame.svelte', '../views/viewStatus.ts'],
    ['views/view.ts', './map/view.ts'],
    ['views/map/ErrorMap.svelte', '../tail/tailSeries.ts'],
    ['views/map/view.ts', '../../shell/viewRegistry.ts'],
    ['views/map/errorLines.ts', '../../App.svelte'],
    ['shell/Rail.svelte', '../maps/AtlasMap.svelte'],
    ['App.svelte', './maps/AtlasMap.svelte'],
  ])('%s may not import %s', async (file, module) => {
    expect(await refusals(file, `import '${module}'`)).toEqual([expect.stringContaining('may not import')])
  })

  it('are held however a module is named', async () => {
    const forbidden = [
      "export * from '../maps/extent.ts'",
      "export { grow } from './../maps/extent.ts'",
      "void import('../maps/extent.ts')",
    ]
    for (const line of forbidden) expect(await refusals('charts/linePath.ts', line), line).toHaveLength(1)
  })

  it('leave the way that is meant open', async () => {
    for (const [file, module] of [
      ['charts/linePath.ts', '../text/format.ts'],
      ['views/map/view.ts', '../view.ts'],
      ['views/map/ErrorMap.svelte', './errorLines.ts'],
      ['views/map/ErrorMap.svelte', '../../maps/extent.ts'],
      ['shell/viewRegistry.ts', '../views/view.ts'],
      ['App.svelte', './shell/Rail.svelte'],
    ] as const) {
      expect(await refusals(file, `import '${module}'`), `${file} imports ${module}`).toEqual([])
    }
  })

  it('let no file reach another layer, not even from the root of its own', async () => {
    for (const [file, module] of [
      ['App.svelte', '../main/menu.ts'],
      ['main.ts', '../engine/random.ts'],
      ['state/bridge.ts', '../../preload/index.ts'],
    ] as const) {
      expect(await refusals(file, `import '${module}'`), `${file} imports ${module}`).toHaveLength(1)
    }
  })
})
