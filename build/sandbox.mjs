/**
 * Why Chromium's sandbox does not start, for whom, and what mends it. Chromium wants user namespaces, or its helper
 * `chrome-sandbox` owned by root; Ubuntu from 23.10 on lets AppArmor forbid the former, and npm cannot give the latter.
 */

const words =
  /SUID sandbox helper binary was found, but is not configured correctly|No usable sandbox|Failed to move to new namespace|zygote_host_impl_linux/

/** Settings of the kernel that forbid user namespaces, and the value that does. */
const forbidding = /** @type {const} */ ([
  [
    'kernel.apparmor_restrict_unprivileged_userns',
    '1',
    '0',
    'AppArmor forbids programs without a profile to make user namespaces',
  ],
  ['kernel.unprivileged_userns_clone', '0', '1', 'the kernel forbids users to make user namespaces'],
  ['user.max_user_namespaces', '0', '10000', 'the kernel allows no user namespaces'],
])

/**
 * @param {object} crash
 * @param {string} crash.executable full path of Electron's program; its helper lies beside it
 * @param {string} crash.errors the end of its standard error
 * @param {string | null} crash.signal by which it ended
 * @param {(setting: string) => string | null} setting a value below /proc/sys, null where there is none
 * @returns {string | null} what an administrator does; null where it was not the sandbox
 */
export function sandboxAdvice({ executable, errors, signal }, setting) {
  const found = forbidding.find(([name, value]) => setting(name)?.trim() === value)
  if (!words.test(errors) && !(signal === 'SIGTRAP' && found)) return null
  const helper = executable.replace(/[^/]*$/, 'chrome-sandbox')
  const profile = `abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile isogloss "${forAppArmor(executable)}" flags=(unconfined) {\\n  userns,\\n}\\n`
  const file = '/etc/apparmor.d/isogloss'
  const ways = [
    ...(found?.[0] === forbidding[0][0]
      ? [
          [
            'allow it to this program alone:',
            `printf ${quoted(profile)} | sudo tee ${file} && sudo apparmor_parser -r ${file}`,
          ],
        ]
      : []),
    [
      "or give root the sandbox's helper:",
      `sudo chown root:root ${quoted(helper)} && sudo chmod 4755 ${quoted(helper)}`,
    ],
    ...(found
      ? [
          [
            'or allow it to every program, until the next start of the machine:',
            `sudo sysctl -w ${found[0]}=${found[2]}`,
          ],
        ]
      : []),
  ]
  return [
    `The window cannot start: Chromium's sandbox is not allowed to work here${found ? ` (${found[3]}: ${found[0]} is ${found[1]})` : ''}.`,
    `An administrator can mend that by one of these lines:`,
    ...ways.map(([what, line], i) => `  ${i === 0 ? what?.replace(/^or /, '') : what}\n    ${line}`),
    'The command line works without a window and without any of this: npm run -s isogloss -- --help',
  ].join('\n')
}

const quoted = (/** @type {string} */ text) => `'${text.replaceAll("'", `'\\''`)}'`

/** A path in a profile's double quotes, where some characters would be patterns; printf takes backslashes and "%" for its own. */
const forAppArmor = (/** @type {string} */ path) => path.replace(/[\\"*?[\]{}^@]/g, '\\\\$&').replaceAll('%', '%%')
