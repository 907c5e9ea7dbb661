/** What a person can do to a map besides dragging and the wheel, in pixels from its upper left corner. */
export interface MapGestures {
  pan(dxPx: number, dyPx: number): void
  zoom(steps: number): void
  fit(): void
  hover(px: number, py: number): void
  leave(): void
  click(px: number, py: number): void
}

const panStepPx = 48
const zoomStep = 0.5
/** A press that moves further than this was a drag. */
const clickSlackPx = 5

const keys: Record<string, (gestures: MapGestures) => void> = {
  ArrowLeft: (map) => map.pan(-panStepPx, 0),
  ArrowRight: (map) => map.pan(panStepPx, 0),
  ArrowUp: (map) => map.pan(0, -panStepPx),
  ArrowDown: (map) => map.pan(0, panStepPx),
  '+': (map) => map.zoom(zoomStep),
  '=': (map) => map.zoom(zoomStep),
  '-': (map) => map.zoom(-zoomStep),
  '0': (map) => map.fit(),
  Home: (map) => map.fit(),
}

/** Makes an element answer to keys, pointer and clicks as a map; the result is what Svelte attaches to it. */
export function mapGestures(gestures: MapGestures): (node: HTMLElement) => () => void {
  return (node) => {
    const stop = new AbortController()
    const { signal } = stop
    let pressed: { x: number; y: number } | null = null
    const at = (event: MouseEvent): [number, number] => {
      const box = node.getBoundingClientRect()
      return [event.clientX - box.left, event.clientY - box.top]
    }
    node.tabIndex = 0
    node.addEventListener(
      'keydown',
      (event) => {
        const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key]
        if (!act) return
        event.preventDefault()
        event.stopPropagation()
        act(gestures)
      },
      { signal },
    )
    node.addEventListener('pointerdown', (event) => (pressed = { x: event.clientX, y: event.clientY }), { signal })
    node.addEventListener(
      'pointermove',
      (event) => (event.buttons === 0 ? gestures.hover(...at(event)) : gestures.leave()),
      { signal },
    )
    node.addEventListener('pointerleave', () => gestures.leave(), { signal })
    node.addEventListener(
      'click',
      (event) => {
        const slid = pressed ? Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) : 0
        if (slid <= clickSlackPx) gestures.click(...at(event))
      },
      { signal },
    )
    return () => stop.abort()
  }
}
