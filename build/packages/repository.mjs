import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { mustRun } from '../setup/command.mjs'

/**
 * A folder that apt installs from, signed: packages in pool/, what is in them in dists/, and a file for
 * /etc/apt/sources.list.d that holds the public key, so that nothing else needs to be carried to a machine.
 * Layout: https://wiki.debian.org/DebianRepository/Format
 */

const suite = 'stable'
const index = join('dists', suite, 'main', 'binary-amd64')

/**
 * @param {{ packages: string[], folder: string, key: string, url: string }} of packages: paths of .deb files, added to those that
 *   the folder has; key: as gpg knows it; url: where machines find the folder, such as file:/srv/isogloss or https://...
 */
export async function writeRepository({ packages, folder, key, url }) {
  await mkdir(join(folder, 'pool'), { recursive: true })
  await mkdir(join(folder, index), { recursive: true })
  for (const path of packages) {
    const copy = join(folder, 'pool', basename(path))
    await copyFile(path, copy)
    await signPackage(copy, key)
  }
  const inFolder = { cwd: folder }
  const list = await mustRun('Listing the packages', 'apt-ftparchive', ['packages', 'pool'], inFolder)
  await writeFile(join(folder, index, 'Packages'), list)
  await mustRun('Compressing the list', 'gzip', ['-9nkf', join(folder, index, 'Packages')])
  await signRelease(folder, key)
  const publicKey = await mustRun('Reading the public key', 'gpg', ['--batch', '--armor', '--export', key])
  await writeFile(join(folder, 'isogloss.sources'), sourcesFile(url, publicKey))
}

async function signRelease(/** @type {string} */ folder, /** @type {string} */ key) {
  const dist = join(folder, 'dists', suite)
  for (const name of ['Release', 'InRelease', 'Release.gpg']) await rm(join(dist, name), { force: true })
  const facts = {
    Origin: 'Isogloss',
    Label: 'Isogloss',
    Suite: suite,
    Codename: suite,
    Architectures: 'amd64',
    Components: 'main',
  }
  const options = Object.entries(facts).flatMap(([name, value]) => ['-o', `APT::FTPArchive::Release::${name}=${value}`])
  const release = await mustRun('Listing the lists', 'apt-ftparchive', [...options, 'release', dist])
  const path = join(dist, 'Release')
  await writeFile(path, release)
  const sign = ['--yes', '--local-user', key, '--digest-algo', 'SHA512']
  await mustRun('Signing', 'gpg', [...sign, '--clearsign', '--output', join(dist, 'InRelease'), path])
  await mustRun('Signing', 'gpg', [...sign, '--armor', '--detach-sign', '--output', `${path}.gpg`, path])
}

/**
 * A signature inside the package too, for those who carry it away from the folder: over its members one after another, in a
 * member _gpgorigin, as debsig-verify(1) reads it. debsigs itself would take SHA-1, which gpg refuses by now.
 */
async function signPackage(/** @type {string} */ path, /** @type {string} */ key) {
  const work = await mkdtemp(join(tmpdir(), 'isogloss-sign-'))
  try {
    const members = (await mustRun('Reading the package', 'ar', ['t', path])).trim().split('\n')
    await mustRun('Unpacking the package', 'ar', ['x', path], { cwd: work })
    const signed = join(work, 'signed')
    await writeFile(signed, '')
    for (const member of members.filter((name) => !name.startsWith('_')))
      await writeFile(signed, await readFile(join(work, member)), { flag: 'a' })
    const signature = join(work, '_gpgorigin')
    await rm(signature, { force: true })
    const sign = [
      '--yes',
      '--local-user',
      key,
      '--digest-algo',
      'SHA512',
      '--detach-sign',
      '--output',
      signature,
      signed,
    ]
    await mustRun('Signing the package', 'gpg', sign)
    await mustRun('Adding the signature', 'ar', ['r', path, signature])
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** deb822 with the key inside (sources.list(5), Signed-By): its lines are indented, its empty one is a dot. */
export const sourcesFile = (/** @type {string} */ url, /** @type {string} */ publicKey) =>
  `${[
    'Types: deb',
    `URIs: ${url}`,
    `Suites: ${suite}`,
    'Components: main',
    'Architectures: amd64',
    'Signed-By:',
    ...publicKey
      .trimEnd()
      .split('\n')
      .map((line) => ` ${line.trim() === '' ? '.' : line}`),
  ].join('\n')}\n`
