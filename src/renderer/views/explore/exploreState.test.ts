import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '#engine/random.ts'
import { chooseProjection } from '#pure/maps/projection.ts'
import { eventually } from '../../testing/eventually.ts'
import { TestShell } from '../../testing/shell.ts'
import type { ExploreState as Explore } from './exploreState.svelte.ts'

/** What a person asks in the explorer, of the real engine; the tests go on from one another. */

const shell = new TestShell()
const { Workbench } = await import('../../state/workbench.svelte.ts')
const { ExploreState } = await import('./exploreState.svelte.ts')
const workbench = new Workbench({ explore: ExploreState })
const explore = workbench.viewStates.get('explore') as Explore

/** 360 people at 120 places: "pop" in the west and "soda" in the east, "zib" in the north-west, "the" everywhere. */
function corpus(): string {
  const random = seededRandom(3)
  const rows = ['author,lat,lon,age,text']
  for (let site = 0; site < 120; site++) {
    const [lat, lon] = [42 + 9 * random.next(), 1 + 18 * random.next()]
    for (let i = 0; i < 3; i++) {
      const drink = random.next() < (lon < 10 ? 0.95 : 0.05) ? 'pop' : 'soda'
      const zib = lat > 47 && lon < 8 && random.next() < 0.8 ? ' zib' : ''
      rows.push(
        `a${site}-${i},${lat.toFixed(3)},${lon.toFixed(3)},${i === 0 ? 25 : 65},${'ah '.repeat(1 + random.below(9))}the ${drink}${zib}`,
      )
    }
  }
  return rows.join('\n')
}

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-explore-state-'))
  await writeFile(join(directory, 'drinks.csv'), corpus())
  await workbench.begin()
  shell.folder = join(directory, 'study')
  await workbench.chooseProject('create')
  workbench.importing.add([join(directory, 'drinks.csv')])
  await eventually('the preview is there', () => workbench.importing.preview.value !== null)
  await workbench.importCorpus()
  explore.look()
}, 60_000)
afterAll(async () => {
  await shell.stop()
  await rm(directory, { recursive: true, force: true })
})

describe('typical words', () => {
  it('of a shape that was drawn on the map are those of its people', async () => {
    explore.projection = chooseProjection(Float32Array.from([1, 42, 19, 42, 1, 51, 19, 51]))
    const corners = ([[0, 47], [8, 47], [8, 52], [0, 52]] as const).map((corner) => explore.projection!.geo([...corner])!) // prettier-ignore
    explore.turnTo('typical')
    explore.typical.drawing = true
    explore.drawn(null)
    expect([explore.typical.drawing, explore.typical.selection]).toEqual([false, null])
    explore.drawn(corners)
    await eventually('it is compared', () => explore.typical.answer.current.state === 'ready')
    const { words, informants, shape, selected } = explore.typical.answer.value!
    expect(words[0]!.word).toBe('zib')
    expect(words.map(({ word }) => word)).not.toContain('soda')
    expect(informants.inside + informants.outside).toBe(360)
    expect(shape?.coordinates).toHaveLength(1)
    expect(selected).toBe('the shape from 47.0 to 52.0 latitude, 0.0 to 8.0 longitude')
  })

  it('are asked again where conditions change, and stay through another word', async () => {
    // Without the ranking, which takes its time.
    explore.where = [{ column: 'age', min: 60 }]
    explore.selectAgain()
    const informants = () => {
      const { inside = 0, outside = 0 } = explore.typical.answer.value?.informants ?? {}
      return inside + outside
    }
    await eventually('the old are compared', () => informants() === 240)
    explore.where = []
    explore.selectAgain()
    explore.show({ word: 'zib', kind: 'word' })
    await eventually('the map is there', () => explore.slice?.map.value?.perVariant[0]?.variant === 'zib')
    await eventually('all are compared', () => informants() === 360)
  })

  it('say why there are none: nobody lies there, or the question was stopped', async () => {
    explore.select({ kind: 'shape', ring: [[100, 10], [101, 10], [101, 11]] }) // prettier-ignore
    await eventually('it is refused', () => explore.typical.answer.current.state === 'failed')
    expect(explore.typical.answer.current).toMatchObject({ error: { code: 'explorer/one-side' } })
    expect(explore.typical.stopped).toBe(false)
    explore.select({ kind: 'shape', ring: [[0, 40], [5, 40], [5, 52]] }) // prettier-ignore
    explore.inquiry.withdraw()
    await eventually('it is stopped', () => explore.typical.stopped)
    explore.selectAgain()
    await eventually('it is compared', () => explore.typical.answer.current.state === 'ready')
  })
})

describe('the kernel', () => {
  it('has the width that a person sets, beside what the criterion says of others, and is kept with the question', async () => {
    const width = () => explore.slice?.map.value?.bandwidthKm
    explore.show({ word: 'zib', kind: 'word' })
    await eventually('the map is there', () => width() !== undefined)
    expect(explore.slice!.map.value!.criterion.length).toBeGreaterThan(5)
    expect(explore.slice!.criterion.current.state).toBe('idle')
    explore.setBandwidth(80)
    await eventually('the map has the width', () => width() === 80)
    await eventually('the criterion is there', () => explore.slice!.criterion.value !== null)
    expect(explore.slice!.criterion.value!.length).toBeGreaterThan(5)
    explore.setBandwidth(null)
    await eventually('the criterion chooses', () => width() !== undefined && width() !== 80)
  })
})

describe('variables', () => {
  it('are kept, shown again, and laid over one another but for those that were taken out', async () => {
    const { variables } = explore
    variables.read()
    for (const asked of [['pop', 'soda'], ['zib', 'the'], ['ah']]) {
      explore.fields = [...asked, '']
      expect(explore.isVariable).toBe(false)
      await explore.keepVariable()
      await eventually('it is kept', () => explore.isVariable)
    }
    expect(variables.withLine).toEqual(['pop - soda', 'zib - the'])
    explore.turnTo('variables')
    explore.lay()
    await eventually('the bundle is there', () => variables.bundle.current.state !== 'loading', 60_000)
    const { lines, greatest } = variables.bundle.value!
    expect(lines.map((line) => line.variants)).toEqual([['pop', 'soda'], ['zib', 'the']]) // prettier-ignore
    expect(lines[0]!.line).not.toBeNull()
    expect(greatest).toBeGreaterThan(0.1)
    expect([explore.bundled, variables.bundled]).toEqual([true, ['pop - soda', 'zib - the']])

    variables.take('zib - the', false)
    expect(variables.chosen).toEqual(['pop - soda'])
    variables.take('zib - the', true)
    explore.lay()
    explore.inquiry.withdraw()
    // What was answered is kept: there is nothing to stop.
    await eventually('it is there at once', () => variables.bundle.current.state === 'ready')

    explore.showVariable('zib - the')
    expect([explore.bundled, explore.asked]).toEqual([false, ['zib', 'the']])
    await eventually('its map is there', () => explore.slice?.map.value != null)
  }, 120_000)
})
