import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { sandboxAdvice } from './sandbox.mjs'

const executable = '/home/ana/isogloss/node_modules/electron/dist/electron'
const ubuntu = (name: string) =>
  ({ 'kernel.apparmor_restrict_unprivileged_userns': '1\n', 'user.max_user_namespaces': '63000\n' })[name] ?? null
const plain = () => null
const suid =
  "[123:0101/120000.1:FATAL:setuid_sandbox_host.cc(158)] The SUID sandbox helper binary was found, but is not configured correctly. Rather than run without sandboxing I'm aborting now. You need to make sure that /home/ana/isogloss/node_modules/electron/dist/chrome-sandbox is owned by root and has mode 4755."

describe('sandboxAdvice', () => {
  it('names the cause on Ubuntu 24.04, and each way that mends it', () => {
    const advice = sandboxAdvice({ executable, errors: suid, signal: 'SIGTRAP' }, ubuntu)
    expect(advice).toMatch(/kernel\.apparmor_restrict_unprivileged_userns is 1/)
    expect(advice).toContain(`profile isogloss "${executable}"`)
    expect(advice).toContain("sudo chown root:root '/home/ana/isogloss/node_modules/electron/dist/chrome-sandbox'")
    expect(advice).toContain('sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0')
    expect(advice).toMatch(/command line works without a window/)
  })

  it('needs no words where the kernel forbids namespaces and the program was trapped', () => {
    expect(sandboxAdvice({ executable, errors: '', signal: 'SIGTRAP' }, ubuntu)).toMatch(/sandbox/)
    expect(sandboxAdvice({ executable, errors: '', signal: 'SIGTRAP' }, plain)).toBeNull()
  })

  it('knows the kernels that forbid it otherwise', () => {
    const debian = (name: string) => (name === 'kernel.unprivileged_userns_clone' ? '0\n' : null)
    const advice = sandboxAdvice(
      { executable, errors: 'FATAL: No usable sandbox! Update your kernel', signal: null },
      debian,
    )
    expect(advice).toContain('sudo sysctl -w kernel.unprivileged_userns_clone=1')
    expect(advice).not.toMatch(/AppArmor|apparmor/)
    expect(sandboxAdvice({ executable, errors: suid, signal: null }, plain)).toMatch(/chrome-sandbox/)
  })

  it('leaves other ends alone', () => {
    expect(sandboxAdvice({ executable, errors: 'Error: Cannot find module x', signal: null }, ubuntu)).toBeNull()
    expect(sandboxAdvice({ executable, errors: '', signal: 'SIGTERM' }, ubuntu)).toBeNull()
  })

  it('gives lines that a shell takes, whatever the path', () => {
    const hostile = "/home/O'Brien 100% [1]/é {a}/electron"
    const advice = sandboxAdvice({ executable: hostile, errors: suid, signal: null }, ubuntu)!
    const line = advice.split('\n').find((text) => text.includes('printf'))!
    const profile = execFileSync('sh', ['-c', line.trim().replace(/ \| sudo.*/, '')], { encoding: 'utf8' })
    expect(profile.split('\n')).toEqual([
      'abi <abi/4.0>,',
      'include <tunables/global>',
      'profile isogloss "/home/O\'Brien 100% \\[1\\]/é \\{a\\}/electron" flags=(unconfined) {',
      '  userns,',
      '}',
      '',
    ])
  })
})
