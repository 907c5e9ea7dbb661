import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'

/**
 * What packages of one commit are called.
 * @typedef {object} Identity
 * @property {string} name Debian name of the workbench
 * @property {string} version of the program, with the commit unless it is a release
 * @property {number} epochS seconds since 1970 of the commit: the time of every packed file
 */

/**
 * A release is a commit whose tag is `v` and the version. Others sort after it by the time of their commit. Debian's own order:
 * https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
 * @param {{ version: string, commit: string, epochS: number, tags: string[], modified: boolean }} checkout
 * @param {boolean} forTests packed with the Electron that is for tests only
 * @returns {Identity}
 */
export function identityOf({ version, commit, epochS, tags, modified }, forTests) {
  const time = new Date(epochS * 1000).toISOString().replace(/\D/g, '').slice(0, 14)
  const isRelease = tags.includes(`v${version}`) && !modified
  const marks = [...(isRelease ? [] : [`${time}.${commit.slice(0, 7)}`]), ...(modified ? ['modified'] : [])]
  const ending = [...marks, ...(forTests ? ['for-tests'] : [])].join('.')
  return {
    name: forTests ? 'isogloss-for-tests' : 'isogloss',
    version: ending === '' ? version : `${version}+${ending}`,
    epochS,
  }
}

/** What git and package.json say of this checkout. */
export function readCheckout() {
  const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  const [commit = '', epochS = ''] = git('log', '-1', '--format=%H %ct').split(' ')
  return {
    version: String(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version),
    commit,
    epochS: Number(epochS),
    tags: git('tag', '--points-at', 'HEAD').split('\n'),
    modified: git('status', '--porcelain') !== '',
  }
}
