import { BrowserWindow } from 'electron'
import { pageOrigin } from './appScheme.ts'

export const helpOrigin = `${pageOrigin}/help/`

let open: BrowserWindow | null = null

/** The documentation in a window of its own: pages without a script, which may lead to one another and nowhere else. */
export function openHelp(icon: string): void {
  if (open) {
    open.show()
    return
  }
  open = new BrowserWindow({
    width: 1040,
    height: 800,
    title: 'Isogloss documentation',
    icon,
    autoHideMenuBar: true,
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      javascript: false,
      spellcheck: false,
    },
  })
  open.on('closed', () => (open = null))
  void open.loadURL(`${helpOrigin}index.html`)
}

/** With the program's own window, so that the program ends. */
export const closeHelp = (): void => open?.close()
