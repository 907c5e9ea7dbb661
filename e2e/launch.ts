import { spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { drawingFlags, electronEnvironment, rootFlags } from '../build/setup/electron.mjs'

const root = resolve(import.meta.dirname, '..')
// Playwright asks the installed package for its Electron, and that one asks here.
Object.assign(process.env, electronEnvironment())

export interface Launched {
  app: ElectronApplication
  page: Page
  /** What the page threw or wrote as an error. */
  errors: string[]
  /** Every address that the page asked for. */
  requests: string[]
}

const flags = [...drawingFlags, ...rootFlags]

/** Starts the program once more beside a running one of the same settings, as a file manager does; resolves when it has ended. */
export function startAgain(settings: string, path: string): Promise<number | null> {
  const electron = createRequire(import.meta.url)('electron') as string
  const child = spawn(electron, [...flags, `--user-data-dir=${settings}`, root, path], { stdio: 'ignore' })
  return new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve))
}

/** Starts the program, with settings of its own where none are given; `project` is opened where it is given. */
export async function launch(project?: string, settings?: string): Promise<Launched> {
  settings ??= await mkdtemp(join(tmpdir(), 'isogloss-settings-'))
  // No path of a program is given: only an Electron that Playwright finds itself has its start held until Playwright watches.
  // A window that opens while Playwright still connects is now and then never answered for.
  const app = await _electron.launch({
    timeout: 60_000,
    args: [...flags, `--user-data-dir=${settings}`, root, ...(project ? [project] : [])],
    cwd: root,
  })
  const page = await app.firstWindow()
  const errors: string[] = []
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.waitForLoadState('domcontentloaded')
  return { app, page, errors, requests }
}
