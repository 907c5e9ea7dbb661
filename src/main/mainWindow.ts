import { join } from 'node:path'
import { BrowserWindow, nativeTheme, screen, type Rectangle } from 'electron'
import { pageOrigin } from './appScheme.ts'
import type { Settings } from './settings.ts'

const smallest = { width: 960, height: 640 }
const usual = { width: 1280, height: 800 }

/** The one window: sandboxed, without Node, where it stood the last time. */
export function createMainWindow(settings: Settings, preload: string, icon: string): BrowserWindow {
  const window = new BrowserWindow({
    ...(onSomeScreen(settings.get('bounds')) ?? usual),
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Isogloss',
    icon,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181a' : '#fbfaf7',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // Training and its curves go on while another window is in front.
      backgroundThrottling: false,
    },
  })
  if (settings.get('maximised')) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    settings.set('bounds', window.getNormalBounds())
    settings.set('maximised', window.isMaximized())
  })
  void window.loadURL(`${pageOrigin}/index.html`)
  return window
}

export const preloadPath = (appPath: string): string => join(appPath, 'out/preload/index.cjs')

/** Bounds whose middle is still on a screen; a monitor may be gone since. */
function onSomeScreen(bounds: Rectangle | null): Rectangle | null {
  if (!bounds) return null
  const [x, y] = [bounds.x + bounds.width / 2, bounds.y + bounds.height / 2]
  const inside = ({ workArea }: { workArea: Rectangle }) =>
    x >= workArea.x && y >= workArea.y && x < workArea.x + workArea.width && y < workArea.y + workArea.height
  return screen.getAllDisplays().some(inside) ? bounds : null
}
