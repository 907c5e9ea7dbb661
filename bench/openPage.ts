import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { drawingFlags, electronEnvironment, rootFlags } from '../build/setup/electron.mjs'

/** An Electron that was started, with its one page. */
export interface OpenPage {
  app: ElectronApplication
  page: Page
  /** From the start of the process until `isReady` was seen, ms. */
  startMs: number
  /** The most resident memory that the page's own process has held, MiB. */
  peakMemoryMiB(): Promise<number>
}

/**
 * Starts Electron on a folder's program, with a profile of its own below `directory`, and waits until the page can be used.
 * @param isReady a selector of what stands there then
 */
export async function openPage(folder: string, args: string[], isReady: string, directory: string): Promise<OpenPage> {
  Object.assign(process.env, electronEnvironment())
  const profile = await mkdtemp(join(directory, 'profile-'))
  const started = performance.now()
  const app = await _electron.launch({
    timeout: 60_000,
    args: [...drawingFlags, ...rootFlags, `--user-data-dir=${profile}`, folder, ...args],
  })
  const page = await app.firstWindow()
  await page.locator(isReady).first().waitFor({ timeout: 120_000 })
  const startMs = performance.now() - started
  return {
    app,
    page,
    startMs,
    async peakMemoryMiB() {
      const processes = await app.evaluate(({ app: electron }) =>
        electron.getAppMetrics().map(({ pid, type, memory }) => ({ pid, type, kib: memory.workingSetSize })),
      )
      const tab = processes.find(({ type }) => type === 'Tab')!
      return Math.round(((process.platform === 'linux' && peakKib(tab.pid)) || tab.kib) / 1024)
    },
  }
}

function peakKib(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
}

/**
 * Gives windows a display: that of the desktop, else one of Xvfb's that ends with `stop`.
 * @throws where there is neither
 */
export async function someDisplay(): Promise<{ stop(): void }> {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
    return { stop: () => undefined }
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  process.env.DISPLAY = await new Promise<string>((resolve, reject) => {
    server.on('error', () =>
      reject(
        new Error('There is no display and no Xvfb to make one. Install the package xvfb, or start this on a desktop.'),
      ),
    )
    server.stdio[3]!.once('data', (number: Buffer) => resolve(`:${number.toString().trim()}`))
  })
  return {
    stop() {
      delete process.env.DISPLAY
      server.kill()
    },
  }
}
