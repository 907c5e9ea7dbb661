import type { Theme } from '#protocol/shell.ts'
import type { ViewId } from '#protocol/views.ts'
import { bridge } from './bridge.ts'

export type DialogName = 'palette' | 'keys' | 'machine' | 'about'

/** Where one is in the window, and what of it is open. */
export class Navigation {
  view = $state<ViewId>('project')
  inspectorOpen = $state(true)
  drawerOpen = $state(false)
  dialog = $state<DialogName | null>(null)
  theme = $state<Theme>('system')
  #systemDark = $state(false)

  constructor() {
    const system = matchMedia('(prefers-color-scheme: dark)')
    this.#systemDark = system.matches
    system.addEventListener('change', ({ matches }) => (this.#systemDark = matches))
  }

  get dark(): boolean {
    return this.theme === 'system' ? this.#systemDark : this.theme === 'dark'
  }

  /** Shows a view and puts the focus on its heading, so that the keyboard goes on from there. */
  go(view: ViewId): void {
    this.view = view
    requestAnimationFrame(() => document.querySelector<HTMLElement>('#view-title')?.focus())
  }

  setTheme(theme: Theme): void {
    this.theme = theme
    void bridge.call('rememberTheme', theme)
  }

  toggleInspector(): void {
    this.inspectorOpen = !this.inspectorOpen
    void bridge.call('rememberInspector', this.inspectorOpen)
  }

  /** Moves the focus round the parts of the window: rail, view, inspector, job. */
  nextRegion(backwards: boolean): void {
    const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
      (region) => region.offsetParent !== null,
    )
    const here = regions.findIndex((region) => region.contains(document.activeElement))
    const next =
      regions[(here + (backwards ? regions.length - 1 : 1) + (here < 0 && backwards ? 1 : 0)) % regions.length]
    const inside = next?.querySelector<HTMLElement>(
      '[aria-current], #view-title, button:not(:disabled), a[href], input, select, [tabindex]',
    )
    const target = inside ?? next
    target?.focus()
  }
}
