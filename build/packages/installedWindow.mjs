import { readFileSync, readlinkSync, readdirSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { drawingFlags } from '../setup/electron.mjs'
import { must } from './checks.mjs'
import { startInRoot } from './testRoot.mjs'

/**
 * The installed window, started by an ordinary user on a virtual display, and driven through Chromium's own port: with its
 * fuses set Playwright's usual way in does not exist.
 */

const startMs = 60_000

/**
 * @param {string} root
 * @param {string} repository
 * @param {string} project as the user names it
 * @returns {Promise<{ page: import('@playwright/test').Page, close: () => Promise<void> }>}
 */
export async function openInstalledWindow(root, repository, project) {
  const line = `exec xvfb-run -a -s '-screen 0 1600x1000x24' isogloss-window --remote-debugging-port=0 ${drawingFlags.join(' ')} ${project}`
  const child = startInRoot(root, repository, line, 'person')
  const address = await new Promise((resolve, reject) => {
    let said = ''
    const timer = setTimeout(
      () => reject(new Error(`The window did not start in ${startMs} ms: ${said.slice(-2000)}`)),
      startMs,
    )
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text
      const [, found] = /DevTools listening on (ws:\S+)/.exec(said) ?? []
      if (found) {
        clearTimeout(timer)
        resolve(found)
      }
    })
    child.on('exit', () => reject(new Error(`The window ended: ${said.slice(-2000)}`)))
  })
  const browser = await chromium.connectOverCDP(address)
  const context = browser.contexts()[0]
  const page = context?.pages()[0] ?? (await context?.waitForEvent('page', { timeout: startMs }))
  must(page, 'The installed program has no window.')
  return {
    page,
    async close() {
      await browser.close()
      child.kill('SIGKILL')
      await new Promise((resolve) =>
        child.exitCode === null && child.signalCode === null ? child.on('exit', resolve) : resolve(null),
      )
    },
  }
}

/**
 * How the page's process is kept in: a filter of system calls, and a network and processes of its own.
 * @returns {{ filtered: boolean, ownNetwork: boolean, ownProcesses: boolean } | null} null where there is no such process
 */
export function sandboxOfPage() {
  const own = readlinkSync('/proc/self/ns/net')
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!/^\/usr\/lib\/isogloss\/isogloss\0?.*--type=renderer/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')))
        continue
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      return {
        filtered: /^Seccomp:\s*2$/m.test(status),
        ownNetwork: readlinkSync(`/proc/${pid}/ns/net`) !== own,
        // One process id a level of namespaces: outside, in the clean root, in the sandbox.
        ownProcesses: (/^NSpid:\s*(.*)$/m.exec(status)?.[1]?.split(/\s+/).length ?? 0) > 2,
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return null
}
