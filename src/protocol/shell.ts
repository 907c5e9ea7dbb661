import type { ErrorReport } from './errors.ts'
import { viewIds, views, type ViewId } from './views.ts'

/** The contract between the page and the shell that holds its window: files, settings, menu, the engine's comings and goings. */

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** What the page needs to know before it draws. */
export interface StartState {
  version: string
  electron: string
  platform: string
  theme: Theme
  inspectorOpen: boolean
  /** Newest first; folders that are gone are left out. */
  recentProjects: string[]
  /** The project to open at once: the one named on the command line, else the one of the last time. */
  project: string | null
  /** The last quit came in the middle of a job and promised to go on with it. */
  resume: boolean
}

/**
 * What the page asks of the shell, channel by channel: [parameters, answer].
 * Every call is checked to come from the page itself.
 */
export interface ShellCalls {
  start: [null, StartState]
  /** Hands a fresh port to the engine to the page; it arrives as a window message whose data is `enginePortMessage`. */
  connectEngine: [null, null]
  /** Ends the engine at once and starts another: for a job that does not stop, or an engine that gave up. */
  restartEngine: [null, null]
  /** A folder for a new project, or one that holds a project; null where the person thinks better of it. */
  chooseFolder: ['create' | 'open', string | null]
  /** A folder that is not there yet for a project of a name, below the person's documents. */
  freshFolder: [string, string]
  /** Corpus files, of which several may be chosen; or one file that says what codes mean, where sites lie or which areas there are. */
  chooseFiles: [FilePurpose, string[]]
  /** Where to save a figure or its data; null where the person thinks better of it. */
  chooseSave: [{ name: string; kind: SaveKind }, string | null]
  /** Prints a figure (SVG with its size in millimetres) as a PDF of one page to a file that was chosen. */
  savePdf: [{ file: string; svg: string }, null]
  copyText: [string, null]
  /** Remembers a project that was opened as the last one, or that none is open. */
  rememberProject: [string | null, string[]]
  rememberTheme: [Theme, null]
  rememberInspector: [boolean, null]
  /** While a job is named the machine does not sleep and a quit asks first. */
  jobRuns: [string | null, null]
  showInFolder: [string, null]
  /** Shows the documentation. */
  openHelp: [null, null]
}
export const filePurposes = ['corpus', 'codes', 'sites', 'areas', 'vectors'] as const
export type FilePurpose = (typeof filePurposes)[number]
/** Endings of what is saved. */
export const saveKinds = ['svg', 'pdf', 'png', 'csv', 'geojson', 'tex'] as const
export type SaveKind = (typeof saveKinds)[number]
export type ShellCall = keyof ShellCalls
export const shellCalls: readonly ShellCall[] = [
  'start',
  'connectEngine',
  'restartEngine',
  'chooseFolder',
  'freshFolder',
  'chooseFiles',
  'chooseSave',
  'savePdf',
  'copyText',
  'rememberProject',
  'rememberTheme',
  'rememberInspector',
  'jobRuns',
  'showInFolder',
  'openHelp',
]

/** What the shell tells the page unasked. */
export interface ShellNews {
  /** A menu item was chosen. */
  command: { id: CommandId; argument?: string }
  /** The engine's process ended without being asked to; `restarting` is false after several ends in a row. */
  engineStopped: { report: ErrorReport; restarting: boolean }
  /** The program was started once more, which brought this window to the front; with a project, where one was named. */
  startedAgain: { project: string | null }
  /** Something went wrong in the shell itself. */
  trouble: { report: ErrorReport }
}
export type ShellNewsName = keyof ShellNews
export const shellNews: readonly ShellNewsName[] = ['command', 'engineStopped', 'startedAgain', 'trouble']

/** The preload script's own call, out of the page's reach: the path of a file that was dropped on the window. */
export const grantDropped = 'grantDropped'

/** `data` of the window message that carries the engine's port. */
export const enginePortMessage = 'isogloss:engine-port'

/** What the preload script puts on `window.isogloss`. */
export interface Bridge {
  call<Name extends ShellCall>(name: Name, params: ShellCalls[Name][0]): Promise<ShellCalls[Name][1]>
  on<Name extends ShellNewsName>(name: Name, listener: (news: ShellNews[Name]) => void): void
  /** The path of a file that was dropped on the window, which the engine may read from then on; empty for one that is on no disk. */
  pathOf(file: object): Promise<string>
}

interface Command {
  title: string
  /** In Electron's notation; the page answers to the same keys. */
  keys?: string
}

/** One command a view: it is gone to. */
const goCommands = Object.fromEntries(viewIds.map((id) => [`go.${id}`, views[id]])) as {
  [Id in ViewId as `go.${Id}`]: (typeof views)[Id]
}

/** Every command of the window: the menu, the palette and the keyboard take it from here. */
export const commands = {
  'project.new': { title: 'New project…', keys: 'CmdOrCtrl+N' },
  'project.open': { title: 'Open project…', keys: 'CmdOrCtrl+O' },
  'project.recent': { title: 'Open recent' },
  'project.close': { title: 'Close project', keys: 'CmdOrCtrl+Shift+W' },
  'corpus.import': { title: 'Import a corpus…', keys: 'CmdOrCtrl+I' },
  'corpus.sample': { title: 'Make the sample corpus (synthetic)' },
  'experiment.save': { title: 'Save the experiment', keys: 'CmdOrCtrl+S' },
  'job.start': { title: 'Start the experiment', keys: 'CmdOrCtrl+Enter' },
  'job.cancel': { title: 'Cancel the running job', keys: 'CmdOrCtrl+.' },
  'window.palette': { title: 'Find a command…', keys: 'CmdOrCtrl+K' },
  'window.inspector': { title: 'Show or hide the inspector', keys: 'CmdOrCtrl+B' },
  'window.drawer': { title: 'Show or hide the job log', keys: 'CmdOrCtrl+J' },
  'window.nextRegion': { title: 'Go to the next part of the window', keys: 'F6' },
  ...goCommands,
  'theme.system': { title: 'Theme: as the system' },
  'theme.light': { title: 'Theme: light' },
  'theme.dark': { title: 'Theme: dark' },
  'help.documentation': { title: 'Documentation' },
  'help.keys': { title: 'Keyboard shortcuts', keys: 'F1' },
  'help.machine': { title: 'What this machine offers' },
  'help.about': { title: 'About Isogloss and its data' },
} as const satisfies Record<string, Command>
export type CommandId = keyof typeof commands
