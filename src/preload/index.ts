import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { enginePortMessage, shellCalls, shellNews, type Bridge } from '#protocol/shell.ts'

/** The page's only door to the shell: the calls and the news of one table, and nothing of Electron itself. */
const bridge: Bridge = {
  call(name, params) {
    if (!shellCalls.includes(name)) return Promise.reject(new Error(`The shell has no call "${String(name)}".`))
    return ipcRenderer.invoke(name, params)
  },
  on(name, listener) {
    if (shellNews.includes(name)) ipcRenderer.on(name, (_event, news) => listener(news))
  },
  pathOf: (file) => webUtils.getPathForFile(file as File),
}
contextBridge.exposeInMainWorld('isogloss', bridge)

// A port cannot cross the bridge; a window message can carry it.
ipcRenderer.on('enginePort', ({ ports }) => window.postMessage(enginePortMessage, window.location.origin, ports))
