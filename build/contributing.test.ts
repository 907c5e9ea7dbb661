import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { corpusFormat } from '#protocol/experiment.ts'
import { labelDescriptions } from '#protocol/labels/labels.ts'
import { methods } from '#protocol/methods.ts'
import { modelDescriptions } from '#protocol/models/models.ts'
import { commands } from '#protocol/shell.ts'
import { labelSchemes } from '#engine/labels/schemes.ts'
import { modelMethods } from '#engine/models/methods.ts'
import { root } from './setup/paths.mjs'

const text = readFileSync(join(root, 'docs', 'contributing.md'), 'utf8')
const namesIn = (line: string) => Array.from(line.matchAll(/`([^`]+)`/g), ([, name]) => name!)

/** The names that a section says there are today. */
function listed(section: string): string[] {
  const body = text.split(`\n## ${section}\n`)[1]?.split('\n## ')[0] ?? ''
  return namesIn(/^(?:Areas t|T)oday: .*$/m.exec(body)?.[0] ?? '')
}

describe('docs/contributing.md', () => {
  const areas = [...new Set(Object.keys(methods).map((name) => name.split('.')[0]!))]

  it.each([
    ['A model method', Object.keys(modelDescriptions)],
    ['A label scheme', Object.keys(labelDescriptions)],
    [
      'A view',
      Object.keys(commands)
        .filter((id) => id.startsWith('go.'))
        .map((id) => id.slice('go.'.length)),
    ],
    ['An import format', corpusFormat.options],
    ['A method of the engine', areas],
  ])('%s: it lists what there is', (section, names) => expect(listed(section).sort()).toEqual(Array.from(names).sort()))

  it('names files and folders that are there', () => {
    const paths = namesIn(text).filter((name) => /^(src|build|docs|fuzz)\//.test(name) && !name.includes('NAME'))
    expect(paths.length).toBeGreaterThan(18)
    for (const path of paths) expect(existsSync(join(root, path)), path).toBe(true)
  })

  it('speaks of registries that agree with the protocol, and of a file of handlers for each area', () => {
    expect(Object.keys(modelMethods)).toEqual(Object.keys(modelDescriptions))
    expect(Object.keys(labelSchemes)).toEqual(Object.keys(labelDescriptions))
    const files = readdirSync(join(root, 'src/engine/host/handlers')).map((name) => name.replace('.ts', ''))
    // `doctor` has no area and stands with the machine.
    for (const area of areas) expect(files).toContain(area === 'doctor' ? 'machine' : area)
  })
})
