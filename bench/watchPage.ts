import { setTimeout as pause } from 'node:timers/promises'
import type { Locator, Page } from '@playwright/test'

/** What is measured inside a page: frames in which something was drawn, and when a map's data had been drawn. */

interface Watch {
  /** Frames with a draw call since the page was first watched. */
  frames: number
  /** `performance.now()` of the last draw call. */
  drawnMs: number
  /** Of the last click or press, as the browser dates it. */
  clickedMs: number
}
type Watched = Window & { benchWatch?: Watch }

/** Counts draw calls of WebGL 2 from now on. */
export async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const state: Watch = { frames: 0, drawnMs: 0, clickedMs: 0 }
    ;(window as Watched).benchWatch = state
    let drew = false
    const calls = ['drawArrays', 'drawElements', 'drawArraysInstanced', 'drawElementsInstanced'] as const
    const context = WebGL2RenderingContext.prototype as unknown as Record<string, (...args: unknown[]) => unknown>
    for (const name of calls) {
      const draw = context[name]!
      context[name] = function (...args: unknown[]) {
        drew = true
        state.drawnMs = performance.now()
        return draw.apply(this, args)
      }
    }
    const tick = () => {
      if (drew) state.frames++
      drew = false
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
    addEventListener('click', ({ timeStamp }) => (state.clickedMs = timeStamp), true)
  })
}

/** Drags round and round over a part of the page for a while; frames a second in which something was drawn. */
export async function framesWhilePanning(page: Page, selector: string, seconds: number): Promise<number> {
  const box = (await page.locator(selector).first().boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const frames = () => page.evaluate(() => (window as Watched).benchWatch!.frames)
  await page.mouse.move(x, y)
  await page.mouse.down()
  const [before, started] = [await frames(), performance.now()]
  const moves: Promise<void>[] = []
  let step = 0
  for (let now = started; now - started < seconds * 1000; now = performance.now()) {
    step++
    // Not awaited here: a hand does not wait for the screen, and the browser joins what comes within one frame.
    moves.push(page.mouse.move(x + 60 * Math.sin(step / 12), y + 60 * Math.cos(step / 12) - 60))
    await pause(8)
  }
  const drawn = (await frames()) - before
  const elapsed = (performance.now() - started) / 1000
  await page.mouse.up()
  // A page that is closed before it has taken them all fails them.
  await Promise.all(moves)
  return drawn / elapsed
}

/**
 * Clicks and waits until the named map has been drawn with what it was clicked for.
 * @returns ms from the click to the last draw call of the first frame that has the data; null after `patienceMs`
 */
export async function clickToLayer(page: Page, row: Locator, map: string, patienceMs: number): Promise<number | null> {
  await page.evaluate(
    ([name]) => {
      const state = (window as Watched).benchWatch!
      state.clickedMs = 0
      const target = window as unknown as { benchShown?: Promise<number> }
      target.benchShown = new Promise((resolve) => {
        const isNamed = () => document.querySelector(`[role="application"][aria-label="${CSS.escape(name!)}"]`) !== null
        const look = () => {
          if (state.clickedMs === 0 || !isNamed()) return
          observer.disconnect()
          const named = performance.now()
          const drawn = () =>
            state.drawnMs > named ? resolve(state.drawnMs - state.clickedMs) : requestAnimationFrame(drawn)
          requestAnimationFrame(drawn)
        }
        const observer = new MutationObserver(look)
        observer.observe(document.body, {
          subtree: true,
          childList: true,
          attributes: true,
          attributeFilter: ['aria-label'],
        })
      })
    },
    [map],
  )
  await row.click()
  return Promise.race([
    page.evaluate(() => (window as unknown as { benchShown: Promise<number> }).benchShown),
    pause(patienceMs, null),
  ])
}

interface Wire {
  events: number
  requests: number
  responses: number
}

/** Counts what goes over the engine's port; the page is loaded again for it. */
export async function watchWire(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const wire: Wire = { events: 0, requests: 0, responses: 0 }
    ;(window as unknown as { benchWire: Wire }).benchWire = wire
    addEventListener('message', ({ ports: [port] }) => {
      if (!port) return
      const send = port.postMessage.bind(port) as (message: unknown) => void
      port.postMessage = (message: unknown) => {
        wire.requests++
        send(message)
      }
      port.addEventListener('message', ({ data }: MessageEvent<{ kind: string }>) => {
        if (data.kind === 'event') wire.events++
        else wire.responses++
      })
    })
  })
  await page.reload()
}

export const wireOf = (page: Page): Promise<Wire> =>
  page.evaluate(() => (window as unknown as { benchWire: Wire }).benchWire)
