import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { build } from 'vite'
import { seededRandom } from '#engine/random.ts'
import type { MapAnswer } from '#protocol/explorer.ts'
import { lonLatOf } from '#pure/maps/siteColumns.ts'
import { chooseProjection, projectLonLat } from '#pure/maps/projection.ts'
import { root } from '../build/setup/paths.mjs'
import { floodedProgram } from './floodedProgram.ts'
import { best, interleave } from './interleave.ts'
import { openPage, someDisplay, type OpenPage } from './openPage.ts'
import type { BenchProgram } from './program.ts'
import { twitterCorpus, type TwitterCorpus } from './twitterCorpus.ts'
import { clickToLayer, framesWhilePanning, watch, watchWire, wireOf } from './watchPage.ts'

/**
 * The window on a WORLD-like corpus in the explorer: how long from a click on a word to its data on the map, frames while the map
 * is panned against a bare page of deck.gl with as many points, whether answers arrive under a flood of progress, memory of the
 * page's process, and the start against a bare Electron.
 */

const plans = {
  small: { share: 0.01, rounds: 2, words: 5, openings: 1, panSeconds: 2 },
  default: { share: 0.1, rounds: 3, words: 9, openings: 2, panSeconds: 4 },
  full: { share: 1, rounds: 3, words: 9, openings: 2, panSeconds: 4 },
}
const perSecond = 1000
/** An answer that takes longer counts as dropped. */
const patienceMs = 60_000
const map = '[role="application"]'
/** Measures, as bench `window`. */
export const measureWindow: BenchProgram['run'] = async ({ size, directory, say }) => {
  const { share, rounds, words, openings, panSeconds } = plans[size]
  runScript('build/setup.mjs', '--for', 'window')
  runScript('build/compile.mjs', 'node', 'window')
  const project = join(directory, 'project')
  importInto(project, await twitterCorpus('world', share, say))
  const display = await someDisplay()
  const opened: OpenPage[] = []
  const open = async (...args: Parameters<typeof openPage>) => {
    const one = await openPage(...args)
    opened.push(one)
    return one
  }
  const openOurs = (args: string[] = [project], folder = root) => open(folder, args, 'main h1', directory)
  try {
    // The first of all fills the system's file cache.
    const bareFolder = await barePage(directory, { positions: [], diameterPx: 1, target: [0, 0, 0], zoom: 0 })
    const start = async (what: () => Promise<OpenPage>) => {
      const { app, startMs } = await what()
      await app.close()
      return startMs
    }
    const startBare = () =>
      open(join(root, 'bench/peers/barePage'), [`--bare=${bareFolder},1280,800`], 'button', directory)
    const startOurs = () => open(root, [], '#first-map', directory)
    await start(startBare)
    await start(startOurs)
    const starts = await interleave(rounds, { ours: () => start(startOurs), bare: () => start(startBare) })
    say(`start: ours ${listMs(starts.ours)}, bare ${listMs(starts.bare)}`)

    const first = await openOurs()
    const names = await explored(first.page, words)
    const computed = await clickThrough(first.page, names)
    say(`computed: ${listMs(computed)}`)
    const remembered: (number | null)[] = []
    for (let round = 0; round < rounds; round++)
      remembered.push(...(await clickThrough(first.page, shuffled(names, round))))
    say(`in memory: ${listMs(remembered)}`)

    const read: (number | null)[] = []
    for (let opening = 0; opening < openings; opening++) {
      const again = await openOurs()
      await explored(again.page, words)
      read.push(...(await clickThrough(again.page, shuffled(names, opening))))
      await again.app.close()
    }
    say(`from disk: ${listMs(read)}`)

    const box = (await first.page.locator(map).first().boundingBox())!
    const points = pointsOf(project, box)
    const bare = await open(
      join(root, 'bench/peers/barePage'),
      [`--bare=${await barePage(directory, points)},${Math.round(box.width)},${Math.round(box.height)}`],
      'canvas',
      directory,
    )
    await watch(bare.page)
    const frames = await interleave(rounds, {
      ours: () => framesWhilePanning(first.page, map, panSeconds),
      bare: () => framesWhilePanning(bare.page, 'canvas', panSeconds),
    })
    const rates = (all: number[]) => all.map((rate) => rate.toFixed(1)).join(', ')
    say(
      `${points.positions.length / 2} points, frames a second: ours ${rates(frames.ours)}, bare ${rates(frames.bare)}`,
    )
    const peak = { ours: await first.peakMemoryMiB(), peer: await bare.peakMemoryMiB() }
    await bare.app.close()
    await first.app.close()

    const flood = join(directory, 'flooded')
    await floodedProgram(root, flood, perSecond)
    const { page: flooded, peakMemoryMiB } = await openOurs([project], flood)
    // Before a project is open nothing says which one to open again.
    await exploreOf(flooded).waitFor({ timeout: patienceMs })
    await watchWire(flooded)
    await explored(flooded, words)
    const [before, started] = [await wireOf(flooded), performance.now()]
    const underFlood = await clickThrough(flooded, [...shuffled(names, 1), ...shuffled(names, 2)])
    await pause(1000)
    const after = await wireOf(flooded)
    const eventsPerSecond = (after.events - before.events) / ((performance.now() - started) / 1000)
    const lost = after.requests - after.responses + underFlood.filter((ms) => ms === null).length
    say(
      `under ${eventsPerSecond.toFixed(0)} events a second: ${listMs(underFlood)}; ${after.requests} requests, ${lost} lost`,
    )
    return {
      ratios: {
        framesOverBare: Math.max(...frames.ours) / Math.max(...frames.bare),
        startOverBare: best(starts.bare, (ms) => ms) / best(starts.ours, (ms) => ms),
      },
      checks: {
        points: points.positions.length / 2,
        p95Ms: Math.round(p95(remembered)),
        p95FromDiskMs: Math.round(p95(read)),
        p95ComputedMs: Math.round(p95(computed)),
        p95UnderEventsMs: Math.round(p95(underFlood)),
        eventsPerSecond: Math.round(eventsPerSecond),
        droppedAnswers: lost,
        framesPerSecond: [Math.max(...frames.ours), Math.max(...frames.bare)],
        startMs: [Math.round(Math.min(...starts.ours)), Math.round(Math.min(...starts.bare))],
      },
      peakMemoryMiB: { ours: Math.max(peak.ours, await peakMemoryMiB()), peer: peak.peer },
    }
  } finally {
    for (const { app } of opened) await app.close().catch(() => undefined)
    display.stop()
  }
}

/** The explorer's place in the rail, once a corpus is there. */
const exploreOf = (page: Page) => page.getByRole('navigation').getByRole('button', { name: /^Explore\s*ready/ })

/** Goes to the explorer once the project is open, waits for its ranking and the first word's map, and gives the words at the top. */
async function explored(page: Page, count: number): Promise<string[]> {
  await exploreOf(page).click({ timeout: patienceMs })
  const rows = page.getByRole('grid', { name: /^Regional words/ }).getByRole('row')
  await rows.nth(count).waitFor({ timeout: patienceMs * 3 })
  await page.getByRole('grid', { name: /^Concordance/ }).waitFor({ timeout: patienceMs })
  await watch(page)
  return (await rows.locator('bdi').allInnerTexts()).slice(0, count)
}

async function clickThrough(page: Page, words: string[]): Promise<(number | null)[]> {
  const times: (number | null)[] = []
  for (const word of words) {
    const row = page
      .getByRole('grid', { name: /^Regional words/ })
      .getByRole('row')
      .filter({ has: page.getByText(word, { exact: true }) })
    times.push(await clickToLayer(page, row.first(), `Map of ${word}`, patienceMs))
    // What is listed below the map is on its way still.
    await page.waitForFunction(() => document.querySelector('.inquiry progress') === null)
    await pause(400)
  }
  return times
}

const shuffled = (words: string[], seed: number): string[] => {
  const random = seededRandom(seed + 1)
  return words
    .map((word) => ({ word, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ word }) => word)
}

const p95 = (times: (number | null)[]): number => {
  const sorted = times.map((ms) => ms ?? Infinity).sort((a, b) => a - b)
  return sorted[Math.ceil(0.95 * sorted.length) - 1]!
}
const listMs = (times: (number | null)[]) =>
  `${times.map((ms) => (ms === null ? 'never' : Math.round(ms))).join(', ')} ms`

interface Points {
  /** Planar km, interleaved. */
  positions: number[]
  diameterPx: number
  target: [number, number, number]
  zoom: number
}

/** The sites of a map that was asked for, in its plane and at its first view. */
function pointsOf(project: string, box: { width: number; height: number }): Points {
  const answers = readdirSync(join(project, 'answers')).map(
    (name) =>
      (JSON.parse(readFileSync(join(project, 'answers', name), 'utf8')) as { answer: Partial<MapAnswer> }).answer,
  )
  const lonLat = lonLatOf(answers.find(({ points }) => points)!.points!)
  const projection = chooseProjection(lonLat)
  const { minX, minY, maxX, maxY } = projection.extent
  const scale = Math.min((box.width - 32) / (maxX - minX), (box.height - 32) / (maxY - minY))
  return {
    positions: [...projectLonLat(projection.geo, lonLat)],
    diameterPx: lonLat.length / 2 > 20_000 ? 2 : 3,
    target: [(minX + maxX) / 2, (minY + maxY) / 2, 0],
    zoom: Math.log2(scale),
  }
}

/** Builds the peer's page with some points; its folder. */
async function barePage(directory: string, points: Points): Promise<string> {
  const outDir = join(directory, `bare-${points.positions.length}`)
  await build({
    configFile: false,
    root: join(root, 'bench/peers/barePage'),
    base: './',
    logLevel: 'error',
    build: { outDir, emptyOutDir: false, modulePreload: false },
  })
  await writeFile(join(outDir, 'points.js'), `window.points = ${JSON.stringify(points)}`)
  return outDir
}

function importInto(project: string, { train, dev, test }: TwitterCorpus): void {
  const files = [...train, ...dev, ...test]
  runScript('out/node/cli.js', 'import', ...files, '--project', project, '--split', 'none')
}

/** @throws with what the script wrote to stderr when it fails */
function runScript(script: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(`${script} ${args[0]} ended with ${status}:\n${stderr.slice(-3000)}`)
}
