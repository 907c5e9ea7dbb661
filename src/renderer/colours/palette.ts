/** Straight from 0 to 255. */
export type Rgba = [number, number, number, number]

/** What a colour on a map means; the colour itself is a CSS variable, so that light and dark follow the window. */
export type ColourRole =
  'paper' | 'surface' | 'ink' | 'inkSoft' | 'line' | 'accent' | 'focus' | 'kd' | 'p2c' | 'kmeans' | 'cities' | 'own'

const roles: readonly ColourRole[] = [
  'paper',
  'surface',
  'ink',
  'inkSoft',
  'line',
  'accent',
  'focus',
  'kd',
  'p2c',
  'kmeans',
  'cities',
  'own',
]

export type Palette = Record<ColourRole, Rgba> & { dark: boolean }

/** The CSS variable of a role, as styles/tokens.css defines it for both themes. */
export function roleVariable(role: ColourRole): string {
  return `var(--${role === 'inkSoft' ? 'ink-soft' : role})`
}

/** Reads the colours that hold for an element now. Any CSS colour is understood: a canvas does the parsing. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const read = (role: ColourRole): Rgba => {
    if (!context) return [128, 128, 128, 255]
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = '#808080'
    context.fillStyle = style.getPropertyValue(roleVariable(role).slice(4, -1)).trim()
    context.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data
    return [r!, g!, b!, a!]
  }
  const colours = Object.fromEntries(roles.map((role) => [role, read(role)])) as Record<ColourRole, Rgba>
  const [r, g, b] = colours.paper
  return { ...colours, dark: 0.2126 * r + 0.7152 * g + 0.0722 * b < 128 }
}

/** Calls back whenever the window's theme changes; returns what stops it. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] })
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', changed)
  return () => {
    observer.disconnect()
    system.removeEventListener('change', changed)
  }
}
