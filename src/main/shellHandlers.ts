import { existsSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { BrowserWindow, app, clipboard, dialog, ipcMain, nativeTheme, shell, type WebContents } from 'electron'
import {
  filePurposes,
  grantDropped,
  saveKinds,
  themes,
  type FilePurpose,
  type SaveKind,
  type ShellCall,
  type ShellCalls,
} from '#protocol/shell.ts'
import { pageOrigin } from './appScheme.ts'
import { savePdf } from './figurePdf.ts'
import { readPolicy } from './policy.ts'
import type { EngineHost } from './engineHost.ts'
import type { RunningJob } from './runningJob.ts'
import { isProject, type Settings } from './settings.ts'

interface Parts {
  settings: Settings
  engine: EngineHost
  job: RunningJob
  /** The project that the command line names. */
  namedProject: string | null
  /** Where the fonts of figures lie. */
  fontFolder: string
  menuChanged(): void
  showHelp(): void
  /** The page listens from now on. */
  started(): void
}

type Handlers = {
  [Name in ShellCall]: (
    params: ShellCalls[Name][0],
    page: WebContents,
  ) => ShellCalls[Name][1] | Promise<ShellCalls[Name][1]>
}

const tableExtensions = ['csv', 'tsv', 'tab', 'txt', 'psv', 'dat', 'xlsx', 'ods', 'parquet', 'pq']
const jsonExtensions = ['json', 'jsonl', 'ndjson', 'geojson', 'geojsonl', 'js']
const packedExtensions = ['gz', 'zip', 'zst']

/** A dialogue for each purpose; what a file is, the engine finds by its content, so that all files can be chosen, too. */
const fileDialogs: Record<FilePurpose, { title: string; buttonLabel: string; name: string; extensions: string[] }> = {
  corpus: {
    title: 'Choose corpus files',
    buttonLabel: 'Preview',
    name: 'Corpora',
    extensions: [...tableExtensions, ...jsonExtensions, ...packedExtensions],
  },
  codes: {
    title: 'Choose a codebook: a table of column, value and text',
    buttonLabel: 'Take these words',
    name: 'Tables',
    extensions: [...tableExtensions, ...packedExtensions],
  },
  sites: {
    title: 'Choose the places of the sites: KML, or a table of name, latitude and longitude',
    buttonLabel: 'Take these places',
    name: 'Maps and tables',
    extensions: ['kml', 'kmz', ...tableExtensions, ...jsonExtensions, ...packedExtensions],
  },
  areas: {
    title: 'Choose a map of areas: GeoJSON, KML or a Shapefile',
    buttonLabel: 'Take these areas',
    name: 'Maps',
    extensions: ['geojson', 'json', 'kml', 'kmz', 'shp', 'zip'],
  },
  vectors: {
    title: 'Choose vectors of the documents: NumPy’s .npy, a row a document',
    buttonLabel: 'Take these vectors',
    name: 'NumPy arrays',
    extensions: ['npy'],
  },
}

const saveNames: Record<SaveKind, string> = {
  svg: 'Figure for print, SVG',
  pdf: 'Figure for print, PDF',
  png: 'Picture of 300 dots an inch, PNG',
  csv: 'Table, CSV',
  geojson: 'Shapes, GeoJSON',
  tex: 'Table, LaTeX',
}

const folderDialogs = {
  create: { title: 'Choose a new or empty folder for the project', buttonLabel: 'Create project here' },
  open: { title: 'Choose a project folder', buttonLabel: 'Open project' },
} as const

/** Answers the page's calls. What the page sends is checked here, since it is the only way in. */
export function answerPage({
  settings,
  engine,
  job,
  namedProject,
  fontFolder,
  menuChanged,
  showHelp,
  started,
}: Parts): void {
  let named = namedProject
  const handlers: Handlers = {
    start() {
      started()
      const lastProject = settings.get('lastProject')
      const project = named ?? (lastProject && isProject(lastProject) ? lastProject : null)
      const resume = settings.get('resume') && project !== null && project === lastProject
      settings.set('resume', false)
      named = null
      return {
        version: app.getVersion(),
        electron: process.versions.electron,
        platform: process.platform,
        theme: settings.get('theme'),
        inspectorOpen: settings.get('inspectorOpen'),
        recentProjects: settings.recentProjects(),
        project,
        resume,
      }
    },
    connectEngine(_params, page) {
      engine.connect(page)
      return null
    },
    restartEngine(_params, page) {
      engine.stop()
      engine.connect(page)
      return null
    },
    async chooseFolder(purpose, page) {
      const { filePaths } = await dialog.showOpenDialog(windowOf(page), {
        ...folderDialogs[purpose],
        defaultPath: readPolicy().projectFolder,
        properties: purpose === 'open' ? ['openDirectory'] : ['openDirectory', 'createDirectory', 'promptToCreate'],
      })
      await engine.grant(filePaths)
      return filePaths[0] ?? null
    },
    async freshFolder(name) {
      const stem = text(name)
        .replace(/[^\p{L}\p{N}._ -]+/gu, '-')
        .replace(/^[. -]+/, '')
        .slice(0, 60)
      const home = readPolicy().projectFolder ?? join(app.getPath('documents'), 'Isogloss')
      const wanted = join(home, stem === '' ? 'study' : stem)
      let folder = wanted
      for (let number = 2; existsSync(folder); number++) folder = `${wanted} ${number}`
      await engine.grant([folder])
      return folder
    },
    async chooseFiles(purpose, page) {
      if (!filePurposes.includes(purpose))
        throw new TypeError(`Unknown purpose ${String(purpose)}; expected ${filePurposes.join(', ')}.`)
      const { title, buttonLabel, name, extensions } = fileDialogs[purpose]
      const { filePaths } = await dialog.showOpenDialog(windowOf(page), {
        title,
        buttonLabel,
        properties: purpose === 'corpus' ? ['openFile', 'multiSelections'] : ['openFile'],
        filters: [
          { name, extensions },
          { name: 'All files', extensions: ['*'] },
        ],
      })
      await grantFiles(filePaths)
      return filePaths
    },
    async chooseSave({ name, kind }, page) {
      if (!saveKinds.includes(kind))
        throw new TypeError(`Unknown kind ${String(kind)}; expected ${saveKinds.join(', ')}.`)
      const { filePath, canceled } = await dialog.showSaveDialog(windowOf(page), {
        title: 'Save figure',
        // A name and no path: where it is saved the person says.
        defaultPath: basename(text(name)),
        filters: [{ name: saveNames[kind], extensions: [kind] }],
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      })
      if (canceled || filePath === '') return null
      // Not every desktop adds the ending.
      const path = extname(filePath) === '' ? `${filePath}.${kind}` : filePath
      await engine.grant([path])
      return path
    },
    async savePdf({ file, svg }) {
      await savePdf(granted(file), text(svg), fontFolder)
      return null
    },
    copyText(words) {
      clipboard.writeText(text(words))
      return null
    },
    rememberProject(directory) {
      const recent = settings.rememberProject(directory === null ? null : granted(directory))
      menuChanged()
      return recent
    },
    rememberTheme(theme) {
      if (!themes.includes(theme)) throw new TypeError(`Unknown theme ${String(theme)}; expected ${themes.join(', ')}.`)
      settings.set('theme', theme)
      nativeTheme.themeSource = theme
      menuChanged()
      return null
    },
    rememberInspector(open) {
      settings.set('inspectorOpen', open === true)
      return null
    },
    jobRuns(title) {
      job.set(title === null ? null : text(title))
      return null
    },
    openHelp() {
      showHelp()
      return null
    },
    showInFolder(path) {
      shell.showItemInFolder(granted(path))
      return null
    },
  }
  const answer = (name: string, handle: (params: unknown, page: WebContents) => unknown) =>
    ipcMain.handle(name, (event, params: unknown) => {
      if (!event.senderFrame?.url.startsWith(`${pageOrigin}/`)) throw new Error('Only the page may call the shell.')
      return handle(params, event.sender)
    })
  for (const name of Object.keys(handlers) as ShellCall[])
    answer(name, handlers[name] as (params: unknown, page: WebContents) => unknown)
  answer(grantDropped, (path) => grantFiles([text(path)]))

  /** Files for the open project's corpora: an experiment made of them runs after a restart too. */
  async function grantFiles(paths: string[]): Promise<void> {
    settings.rememberFiles(paths)
    await engine.grant(paths)
  }

  function granted(path: unknown): string {
    if (engine.isGranted(text(path))) return text(path)
    throw new Error(`${text(path)} was not chosen in this window.`)
  }
}

function windowOf(page: WebContents): BrowserWindow {
  const window = BrowserWindow.fromWebContents(page)
  if (!window) throw new Error('The page has no window.')
  return window
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`Expected text, found ${typeof value}.`)
  return value
}
