import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { enginePortMessage, grantDropped, shellCalls, shellNews, type Bridge } from '#protocol/shell.ts'

/** The page's only door to the shell: the calls and the news of one table, and nothing of Electron itself. */
const bridge: Bridge = {
  call(name, params) {
    if (!shellCalls.includes(name)) return Promise.reject(new Error(`The shell has no call "${String(name)}".`))
    return ipcRenderer.invoke(name, params)
  },
  on(name, listener) {
    if (shellNews.includes(name)) ipcRenderer.on(name, (_event, news) => listener(news))
  },
  async pathOf(file) {
    // A script can make files, but none that has a path.
    const path = webUtils.getPathForFile(file as File)
    if (path !== '') await ipcRenderer.invoke(grantDropped, path)
    return path
  },
}
contextBridge.exposeInMainWorld('isogloss', bridge)

// A port cannot cross the bridge; a window message can carry it.
ipcRenderer.on('enginePort', ({ ports }) => window.postMessage(enginePortMessage, window.location.origin, ports))
