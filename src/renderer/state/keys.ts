import { commands, type CommandId } from '#protocol/shell.ts'

const mac = typeof navigator !== 'undefined' && /mac/i.test(navigator.userAgent)

/** The command that a key stroke stands for; the same keys as in the menu. */
export function commandOfKey(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
): CommandId | null {
  const wanted = [
    ...((mac ? event.metaKey : event.ctrlKey) ? ['CmdOrCtrl'] : []),
    ...(event.altKey ? ['Alt'] : []),
    ...(event.shiftKey ? ['Shift'] : []),
    event.key.length === 1 ? event.key.toUpperCase() : event.key,
  ].join('+')
  for (const [id, command] of Object.entries(commands)) {
    if ('keys' in command && command.keys === wanted) return id as CommandId
  }
  return null
}

/** Keys as they are printed on a keyboard. */
export function keysText(id: CommandId): string | null {
  const command = commands[id]
  if (!('keys' in command)) return null
  return command.keys.replace('CmdOrCtrl', mac ? '⌘' : 'Ctrl').replaceAll('+', mac ? '' : '+')
}
