import { Deck, OrthographicView, type Layer } from '@deck.gl/core'
import { closestZoom, type MapCamera } from './mapCamera.ts'

/** A drawing surface of one map; `dispose` frees its graphics context. */
export interface MapDeck {
  draw(layers: Layer[], view: MapCamera, widestZoom: number): void
  dispose(): void
}

export interface MapDeckEvents {
  /** The pointer has moved or zoomed the map. */
  moved(view: MapCamera): void
  failed(reason: string): void
  cursor(dragging: boolean): string
}

/** Starts deck.gl on a canvas; null where the browser offers no WebGL 2. */
export function createMapDeck(canvas: HTMLCanvasElement, events: MapDeckEvents): MapDeck | null {
  if (!offersWebGl2()) return null
  let disposed = false
  let release = () => {}
  const deck = new Deck<OrthographicView>({
    canvas,
    width: null,
    height: null,
    // Keys and the choice of what was hit are the map's own: deck.gl's picking draws every layer a second time.
    views: new OrthographicView({
      id: 'atlas',
      flipY: true,
      controller: { keyboard: false, inertia: false, scrollZoom: { speed: 0.01, smooth: false } },
    }),
    viewState: { target: [0, 0, 0], zoom: 0 },
    layers: [],
    _pickable: false,
    useDevicePixels: true,
    getCursor: ({ isDragging }) => events.cursor(isDragging),
    onViewStateChange: ({ viewState }) => {
      const [x, y] = viewState.target as [number, number]
      events.moved({ x, y, zoom: Number(viewState.zoom) })
    },
    onDeviceInitialized: (device) => {
      release = () => {
        device.destroy()
        loseContext(canvas.getContext('webgl2'))
      }
      if (disposed) release()
    },
    onError: (error) => {
      if (!disposed) events.failed(error.message)
    },
  })
  return {
    draw(layers, view, widestZoom) {
      const viewState = {
        target: [view.x, view.y, 0] as [number, number, number],
        zoom: view.zoom,
        minZoom: widestZoom,
        maxZoom: closestZoom,
      }
      deck.setProps({ layers, viewState })
    },
    dispose() {
      disposed = true
      deck.finalize()
      release()
    },
  }
}

function offersWebGl2(): boolean {
  const context = document.createElement('canvas').getContext('webgl2')
  loseContext(context)
  return context !== null
}

/** Browsers keep only some contexts alive at a time; garbage collection would come too late for the next map. */
function loseContext(context: WebGL2RenderingContext | null): void {
  context?.getExtension('WEBGL_lose_context')?.loseContext()
}
