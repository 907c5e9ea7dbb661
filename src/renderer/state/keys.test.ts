import { describe, expect, it } from 'vitest'
import { commands } from '#protocol/shell.ts'
import { commandOfKey, keysText } from './keys.ts'

const key = (key: string, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
})

describe('keys', () => {
  it('finds the command of a stroke', () => {
    expect(commandOfKey(key('k', { ctrlKey: true }))).toBe('window.palette')
    expect(commandOfKey(key('W', { ctrlKey: true, shiftKey: true }))).toBe('project.close')
    expect(commandOfKey(key('F6'))).toBe('window.nextRegion')
    expect(commandOfKey(key('k'))).toBeNull()
  })

  it('gives no two commands the same keys', () => {
    const all = Object.values(commands).flatMap((command) => ('keys' in command ? [command.keys] : []))
    expect(new Set(all).size).toBe(all.length)
  })

  it('writes keys as they are printed', () => {
    expect(keysText('window.palette')).toBe('Ctrl+K')
    expect(keysText('project.recent')).toBeNull()
  })
})
