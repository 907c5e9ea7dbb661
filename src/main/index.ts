import { basename, dirname, join, resolve } from 'node:path'
import { Menu, app, dialog, nativeTheme, session, type BrowserWindow } from 'electron'
import type { ShellNews, ShellNewsName } from '#protocol/shell.ts'
import { registerAppScheme, serveAppScheme } from './appScheme.ts'
import { EngineHost } from './engineHost.ts'
import { closeHelp, openHelp } from './helpWindow.ts'
import { lockDownProcess, lockDownSession } from './lockDown.ts'
import { createMainWindow, preloadPath } from './mainWindow.ts'
import { buildMenu } from './menu.ts'
import { RunningJob } from './runningJob.ts'
import { Settings, isProject } from './settings.ts'
import { answerPage } from './shellHandlers.ts'
import { Troubles } from './troubles.ts'

/** Wires the shell: one window, one engine, the calls between them. */

const troubles = new Troubles()
process.on('uncaughtException', troubles.unexpected)
process.on('unhandledRejection', troubles.unexpected)
lockDownProcess()
registerAppScheme()
if (app.requestSingleInstanceLock()) app.whenReady().then(start).catch(giveUp)
else app.quit()

/** Without a window nobody could end the program, and it would keep every further start away. */
function giveUp(error: unknown) {
  dialog.showErrorBox('Isogloss did not start', error instanceof Error ? error.message : String(error))
  app.exit(1)
}

function start() {
  const appPath = app.getAppPath()
  const icon = join(appPath, 'resources/icon.png')
  // Packed, the engine is a folder of real files beside the archive.
  const engineFolder = app.isPackaged ? join(process.resourcesPath, 'engine') : appPath
  const settings = new Settings(troubles.tell)
  nativeTheme.themeSource = settings.get('theme')

  let window: BrowserWindow | null = null
  const tell = <Name extends ShellNewsName>(name: Name, news: ShellNews[Name]) => {
    if (window && !window.isDestroyed()) window.webContents.send(name, news)
  }
  const engine = new EngineHost(join(engineFolder, 'out/node/engineProcess.js'), {
    stopped: (report, restarting) => tell('engineStopped', { report, restarting }),
  })
  const namedProject = projectIn(process.argv.slice(1))
  void engine.grant([...settings.chosenPaths(), ...(namedProject === null ? [] : [namedProject])])
  engine.start()
  const job = new RunningJob(settings)
  const menuChanged = () =>
    Menu.setApplicationMenu(
      buildMenu({
        recentProjects: settings.recentProjects(),
        theme: settings.get('theme'),
        choose: (id, argument) => tell('command', { id, argument }),
      }),
    )
  menuChanged()

  serveAppScheme(session.defaultSession, join(appPath, 'out/renderer'))
  lockDownSession(session.defaultSession)
  answerPage({
    settings,
    engine,
    job,
    namedProject,
    fontFolder: join(engineFolder, 'node_modules/dejavu-fonts-ttf/ttf'),
    menuChanged,
    showHelp: () => openHelp(icon),
    started: () => troubles.listen((report) => tell('trouble', { report })),
  })

  window = createMainWindow(settings, preloadPath(appPath), icon)
  job.guard(window)
  // The page keeps nothing that the project folder and the settings do not: a fresh one carries on.
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    job.set(null)
    troubles.unlisten()
    if (reason !== 'clean-exit') window?.webContents.reload()
  })
  window.on('closed', () => {
    troubles.unlisten()
    closeHelp()
  })
  app.on('second-instance', (_event, argv, directory) => {
    const project = projectIn(argv.slice(1), directory)
    if (project) void engine.grant([project]).then(() => tell('command', { id: 'project.recent', argument: project }))
    tell('startedAgain', { project })
    if (window?.isMinimized()) window.restore()
    window?.show()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())
  app.on('quit', () => engine.stop())
}

/** The first argument that is a project's folder, or its project.json, which file managers name. */
function projectIn(args: string[], directory = process.cwd()): string | null {
  return (
    args
      .filter((arg) => !arg.startsWith('-'))
      .map((arg) => resolve(directory, arg))
      .map((path) => (basename(path) === 'project.json' ? dirname(path) : path))
      .find(isProject) ?? null
  )
}
