import type { Extent } from '#pure/maps/extent.ts'

/** What a map looks at: the plane's km in the middle, and log2 of pixels a km. Two maps that share one move together. */
export interface MapCamera {
  x: number
  y: number
  zoom: number
}

export const closestZoom = 7

export function pixelsPerKm(view: MapCamera): number {
  return 2 ** view.zoom
}

/** The camera that shows the whole box in a frame of pixels. */
export function fitCamera(extent: Extent, width: number, height: number, paddingPx = 16): MapCamera {
  const free = (side: number) => Math.max(16, side - 2 * paddingPx)
  const scale = Math.min(
    free(width) / Math.max(1e-6, extent.maxX - extent.minX),
    free(height) / Math.max(1e-6, extent.maxY - extent.minY),
  )
  return {
    x: (extent.minX + extent.maxX) / 2,
    y: (extent.minY + extent.maxY) / 2,
    zoom: Math.min(closestZoom, Math.log2(scale)),
  }
}

/** The box in view. */
export function visibleExtent(view: MapCamera, width: number, height: number): Extent {
  const halfX = width / 2 / pixelsPerKm(view)
  const halfY = height / 2 / pixelsPerKm(view)
  return { minX: view.x - halfX, minY: view.y - halfY, maxX: view.x + halfX, maxY: view.y + halfY }
}

export function toScreen(view: MapCamera, width: number, height: number, x: number, y: number): [number, number] {
  const scale = pixelsPerKm(view)
  return [(x - view.x) * scale + width / 2, (y - view.y) * scale + height / 2]
}

export function toPlane(view: MapCamera, width: number, height: number, px: number, py: number): [number, number] {
  const scale = pixelsPerKm(view)
  return [(px - width / 2) / scale + view.x, (py - height / 2) / scale + view.y]
}

/** Moves by pixels, not beyond the bounds. */
export function panned(view: MapCamera, dxPx: number, dyPx: number, bounds: Extent): MapCamera {
  const scale = pixelsPerKm(view)
  return {
    x: Math.min(bounds.maxX, Math.max(bounds.minX, view.x + dxPx / scale)),
    y: Math.min(bounds.maxY, Math.max(bounds.minY, view.y + dyPx / scale)),
    zoom: view.zoom,
  }
}

/** Zooms about the middle by steps of log2, between the given widest zoom and the closest one. */
export function zoomed(view: MapCamera, steps: number, widestZoom: number): MapCamera {
  return { x: view.x, y: view.y, zoom: Math.min(closestZoom, Math.max(widestZoom, view.zoom + steps)) }
}

export function sameCamera(a: MapCamera | null, b: MapCamera | null): boolean {
  if (a === null || b === null) return a === b
  return Math.abs(a.x - b.x) < 1e-6 && Math.abs(a.y - b.y) < 1e-6 && Math.abs(a.zoom - b.zoom) < 1e-9
}
