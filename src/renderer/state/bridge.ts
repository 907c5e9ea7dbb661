import type { Bridge } from '#protocol/shell.ts'

declare global {
  interface Window {
    readonly isogloss: Bridge
  }
}

/** The shell, as the preload script offers it. */
export const bridge: Bridge = window.isogloss
