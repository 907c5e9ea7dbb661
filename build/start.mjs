// The window from a checkout: builds what is stale, then runs Electron until it ends.
import { spawn } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { compile } from './compile.mjs'
import { sandboxAdvice } from './sandbox.mjs'
import { electronEnvironment, findElectron } from './setup/electron.mjs'
import { root } from './setup/paths.mjs'

await compile(['node', 'window'], (line) => process.stderr.write(`${line}\n`))

if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
  process.stderr.write(
    'There is no display (DISPLAY and WAYLAND_DISPLAY are not set), so no window can be shown. ' +
      'Start it from a desktop, or use the command line: npm run -s isogloss -- --help\n',
  )
  process.exit(1)
}

Object.assign(process.env, electronEnvironment())
const found = findElectron()
if (found?.forTests) {
  process.stderr.write(
    `This is Electron ${found.version}, for tests and builds only: the current one could not be downloaded.\n`,
  )
}
/** @type {string} */
const electron = createRequire(import.meta.url)('electron')
// Chromium's sandbox refuses to run as root.
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
const child = spawn(electron, [root, ...asRoot, ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'pipe'] })
let errors = ''
child.stderr.setEncoding('utf8').on('data', (text) => {
  process.stderr.write(text)
  errors = (errors + text).slice(-10_000)
})
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => child.kill(signal))
child.on('close', (code, signal) => {
  const advice =
    code === 0 ? null : sandboxAdvice({ executable: realpathSync(electron), errors, signal }, kernelSetting)
  if (advice) process.stderr.write(`\n${advice}\n`)
  process.exit(signal ? 1 : (code ?? 1))
})

/** A value below /proc/sys: "kernel.x" is kernel/x. */
function kernelSetting(/** @type {string} */ name) {
  try {
    return readFileSync(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8')
  } catch {
    return null
  }
}
