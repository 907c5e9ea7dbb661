import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mustRun } from '../setup/command.mjs'
import { partialOf } from '../setup/files.mjs'
import { cacheDirectory } from '../setup/paths.mjs'

/**
 * A clean Debian 12 to install into: its smallest set of packages by mmdebstrap from the usual mirror, kept as an archive. What
 * runs in it sees its own root, processes and mounts, by a change of root that leaves Chromium's sandbox possible (chroot does
 * not: whoever is in one may make no user namespaces), and the network of this machine.
 */

const enter = fileURLToPath(new URL('enterRoot.sh', import.meta.url))

/** @param {string} folder new, where the root is unpacked */
export async function makeRoot(folder) {
  const archive = join(cacheDirectory, 'debian-12-minbase.tar')
  if (!existsSync(archive)) {
    const partial = await partialOf(archive)
    await mustRun('Making a clean Debian 12', 'mmdebstrap', ['--variant=minbase', '--format=tar', 'bookworm', partial])
    await rename(partial, archive)
  }
  await mkdir(folder, { recursive: true })
  await mustRun('Unpacking the clean root', 'tar', ['-xf', archive, '-C', folder])
  await copyFile('/etc/resolv.conf', join(folder, 'etc', 'resolv.conf'))
}

/**
 * Starts a line of shell in the root; the process is the one outside, whose end takes everything inside with it.
 * @param {string} root
 * @param {string} repository appears as /srv/isogloss
 * @param {string} line
 * @param {string} [user]
 */
export function startInRoot(root, repository, line, user = 'root') {
  const inside = user === 'root' ? ['bash', '-c', line] : ['runuser', '-u', user, '--', 'bash', '-c', `cd; ${line}`]
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' }
  const separate = ['--mount', '--uts', '--pid', '--fork', '--kill-child', 'sh', enter, root, repository]
  return spawn('unshare', [...separate, ...inside], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

/**
 * Runs a line to its end.
 * @param {Parameters<typeof startInRoot>} args
 * @returns {Promise<{ code: number, stdout: string, output: string }>}
 */
export function runInRoot(...args) {
  const child = startInRoot(...args)
  let stdout = ''
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, output }))
  })
}

/**
 * What a line said on standard output.
 * @param {ReturnType<typeof runInRoot>} running
 * @throws {Error} with its last words where it failed
 */
export async function succeeds(running) {
  const { code, stdout, output } = await running
  if (code !== 0) throw new Error(`exit code ${code}: ${output.trimEnd().split('\n').slice(-12).join('\n  ')}`)
  return stdout
}
