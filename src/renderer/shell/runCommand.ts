import { bridge } from '../state/bridge.ts'
import { commands, type CommandId, type Theme } from '#protocol/shell.ts'
import type { ViewId } from '#protocol/views.ts'
import type { Workbench } from '../state/workbench.svelte.ts'

/** Why a command cannot be run now; null where it can. */
export function whyNot(workbench: Workbench, id: CommandId): string | null {
  const { project, job } = workbench
  switch (id) {
    case 'project.close':
      return project.view || project.opening ? null : 'No project is open'
    case 'corpus.import':
    case 'corpus.sample':
      return project.view ? null : 'No project is open'
    case 'experiment.save':
      if (workbench.draft.text === '') return 'No experiment is set up'
      return workbench.draft.dirty ? null : 'Nothing has changed'
    case 'job.start':
      if (job.running) return 'A job is running'
      return project.experiment === null ? 'No experiment is set up' : null
    case 'job.cancel':
      return job.running ? null : 'No job is running'
    default:
      return null
  }
}

/** Runs a command, wherever it came from: a key, the palette or the menu. */
export function runCommand(workbench: Workbench, id: CommandId, argument?: string): void {
  const reason = whyNot(workbench, id)
  if (reason) {
    workbench.notices.add({ kind: 'fact', title: commands[id].title.replace('…', ''), text: `${reason}.` })
    return
  }
  const { navigation } = workbench
  if (id.startsWith('go.')) return navigation.go(id.slice('go.'.length) as ViewId)
  if (id.startsWith('theme.')) return navigation.setTheme(id.slice('theme.'.length) as Theme)
  switch (id) {
    case 'project.new':
      return void workbench.chooseProject('create')
    case 'project.open':
      return void workbench.chooseProject('open')
    case 'project.recent':
      if (argument) void workbench.openProject(argument).then(() => navigation.go('project'))
      return
    case 'project.close':
      return void workbench.leaveProject().then((left) => left && navigation.go('project'))
    case 'corpus.import':
      navigation.go('corpus')
      return void workbench.chooseFiles()
    case 'corpus.sample':
      return void workbench.makeSample(4000)
    case 'experiment.save':
      return void workbench.saveExperiment()
    case 'job.start':
      return void workbench.startExperiment()
    case 'job.cancel':
      return void workbench.cancelJob()
    case 'window.palette':
      navigation.dialog = navigation.dialog === 'palette' ? null : 'palette'
      return
    case 'window.inspector':
      return navigation.toggleInspector()
    case 'window.drawer':
      navigation.drawerOpen = !navigation.drawerOpen
      return
    case 'window.nextRegion':
      return navigation.nextRegion(false)
    case 'help.documentation':
      return void bridge.call('openHelp', null)
    case 'help.keys':
      navigation.dialog = 'keys'
      return
    case 'help.machine':
      navigation.dialog = 'machine'
      return void workbench.engine.look()
    case 'help.about':
      navigation.dialog = 'about'
      return
    default:
      return
  }
}
