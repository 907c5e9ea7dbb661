interface ViewEntry {
  title: string
  /** In Electron's notation. */
  keys?: string
}

/**
 * What the window shows, one at a time, in the order in which a study goes through it. The rail, the menu, the palette and
 * the keyboard take a view from here; what draws it is the folder of that name in src/renderer/views.
 */
export const views = {
  project: { title: 'Project', keys: 'CmdOrCtrl+1' },
  corpus: { title: 'Corpus', keys: 'CmdOrCtrl+2' },
  explore: { title: 'Explore', keys: 'CmdOrCtrl+E' },
  experiment: { title: 'Experiment', keys: 'CmdOrCtrl+3' },
  training: { title: 'Training', keys: 'CmdOrCtrl+4' },
  labels: { title: 'Labels', keys: 'CmdOrCtrl+5' },
  granularity: { title: 'Granularity', keys: 'CmdOrCtrl+G' },
  comparison: { title: 'Comparison', keys: 'CmdOrCtrl+6' },
  tail: { title: 'Error tail', keys: 'CmdOrCtrl+7' },
  map: { title: 'Error map', keys: 'CmdOrCtrl+8' },
  attention: { title: 'Attention', keys: 'CmdOrCtrl+T' },
  document: { title: 'Document', keys: 'CmdOrCtrl+9' },
  predict: { title: 'Predict', keys: 'CmdOrCtrl+P' },
  artefacts: { title: 'Artefacts', keys: 'CmdOrCtrl+0' },
} as const satisfies Record<string, ViewEntry>

export type ViewId = keyof typeof views
export const viewIds = Object.keys(views) as ViewId[]
