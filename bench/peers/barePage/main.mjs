import { BrowserWindow, app } from 'electron'
import { join } from 'node:path'

/** The least that Electron can be: one window, one page. */

const [, folder, width, height] = process.argv.find((argument) => argument.startsWith('--bare='))?.split(/[=,]/) ?? []
app.on('window-all-closed', () => app.quit())
// Electron is not ready before this module has been evaluated.
void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: Number(width),
    height: Number(height),
    useContentSize: true,
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, backgroundThrottling: false },
  })
  window.once('ready-to-show', () => window.show())
  void window.loadFile(join(folder ?? '', 'index.html'))
})
