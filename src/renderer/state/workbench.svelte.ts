import { createContext } from 'svelte'
import { EngineError, type ErrorReport } from '#protocol/errors.ts'
import type { StartState } from '#protocol/shell.ts'
import type { ViewId } from '#protocol/views.ts'
import { bridge } from './bridge.ts'
import { EngineState } from './engineState.svelte.ts'
import { ExperimentDraft } from './experimentDraft.svelte.ts'
import { ImportState, baseName } from './importState.svelte.ts'
import { JobState, type Job } from './jobState.svelte.ts'
import { Navigation } from './navigation.svelte.ts'
import { firstModels, freeName, sampleSettings } from './newExperiment.ts'
import { Notices } from './notices.svelte.ts'
import { ProjectState } from './projectState.svelte.ts'
import { ResultsState } from './resultsState.svelte.ts'
import { isSaidElsewhere } from './unexpected.ts'
import type { ViewState, ViewStateClass } from './viewState.ts'

/** After a cancel a job has this long before the window offers to end the engine under it. */
export const patienceMs = 5000

/** The whole of the window's state, and what a person can do with it. */
export class Workbench {
  readonly navigation = new Navigation()
  readonly notices = new Notices()
  readonly engine: EngineState = new EngineState({
    ready: () => void this.#engineReady(),
    stopped: (report, restarting) => this.#engineStopped(report, restarting),
  })
  readonly project = new ProjectState(this.engine.connection)
  readonly draft = new ExperimentDraft(this.engine.connection, (error) =>
    this.#tell('The experiment was not checked', error),
  )
  readonly importing = new ImportState(this.engine.connection)
  readonly job = new JobState(this.engine.connection)
  readonly results = new ResultsState(this.engine.connection)
  start = $state.raw<StartState | null>(null)
  /** What each view keeps that has a state of its own. */
  readonly viewStates: ReadonlyMap<ViewId, ViewState>

  constructor(classes: { [Id in ViewId]?: ViewStateClass | undefined } = {}) {
    this.viewStates = new Map(
      Object.entries(classes).flatMap(([id, State]) => (State ? [[id as ViewId, new State(this)]] : [])),
    )
  }

  async begin(): Promise<void> {
    const start = await bridge.call('start', null)
    this.start = start
    this.navigation.theme = start.theme
    this.navigation.inspectorOpen = start.inspectorOpen
    this.project.recent = start.recentProjects
    await this.engine.connect()
    if (start.project) await this.openProject(start.project, { resume: start.resume })
  }

  async openProject(directory: string, { create = false, resume = false } = {}): Promise<void> {
    if (!(await this.leaveProject())) return
    await this.attempt(create ? 'The project was not created' : 'The project was not opened', async () => {
      await this.project.open(directory, create)
      this.importing.clear()
      await this.lookAt(this.project.experiment)
      const { unfinished } = this.project.view!
      if (unfinished === null) return
      if (resume) {
        this.navigation.go('training')
        void this.runExperiment(unfinished)
      } else {
        this.notices.add({
          kind: 'warning',
          title: `“${unfinished}” was interrupted`,
          text: 'Its finished steps and last checkpoint are kept; it goes on from there.',
          actions: [{ title: 'Resume', act: () => this.resume(unfinished) }],
        })
      }
    })
  }

  /** @returns false while something still holds the project open */
  async leaveProject(): Promise<boolean> {
    if (this.job.running) {
      this.notices.add({
        kind: 'warning',
        title: 'A job is running',
        text: 'Wait for it or cancel it before you leave this project.',
      })
      return false
    }
    this.notices.clear()
    if (this.project.view || this.project.opening) await this.project.close()
    this.draft.clear()
    this.#look(null)
    this.job.dismiss()
    return true
  }

  async chooseProject(purpose: 'create' | 'open'): Promise<void> {
    const directory = await bridge.call('chooseFolder', purpose)
    if (directory === null) return
    await this.openProject(directory, { create: purpose === 'create' })
    if (this.project.view) this.navigation.go(this.project.view.corpora.length > 0 ? 'project' : 'corpus')
  }

  /** Looks at another experiment of the project. */
  async lookAt(experiment: string | null): Promise<void> {
    this.project.choose(experiment)
    this.#look(experiment)
    this.draft.clear()
    if (experiment !== null) await this.attempt('The experiment was not read', () => this.draft.open(experiment))
  }

  async chooseFiles(): Promise<void> {
    this.importing.add(await bridge.call('chooseFiles', 'corpus'))
  }

  /** A file that says what codes of the corpus mean, or where its sites lie. */
  async chooseBeside(purpose: 'codes' | 'sites'): Promise<void> {
    const [path] = await bridge.call('chooseFiles', purpose)
    if (path !== undefined) this.importing.set(purpose, path)
  }

  async importCorpus(): Promise<void> {
    const { importing } = this
    const [first] = importing.train
    if (!first) return
    const corpus = importing.settings()
    await this.attempt('The corpus was not imported', async () => {
      const job = await this.job.run({ kind: 'import', title: `Import ${baseName(first)}`, experiment: null }, () =>
        this.engine.connection.request('corpus.import', { corpus }),
      )
      await this.project.refresh()
      if (!this.#tellEnd(job)) return
      const id = this.job.steps[0]?.id
      const summary = this.project.view?.corpora.find((one) => one.id === id)
      const name = freeName(baseName(first), this.project.view?.experiments ?? [])
      const input = { name, corpus, models: firstModels, ...(summary?.synthetic ? sampleSettings : {}) }
      const { yaml } = await this.engine.connection.request('experiment.complete', { input })
      await this.engine.connection.request('experiment.save', { yaml })
      await this.project.refresh()
      await this.lookAt(name)
      importing.clear()
    })
  }

  /** Writes the sample's files into the project and takes them for an import, which the Corpus view shows. */
  async makeSample(authors: number): Promise<void> {
    const project = this.project.view
    if (!project) return
    // A sample of another size is another corpus, and no file is written over.
    const directory = `${project.directory}/sample-${authors}`
    await this.attempt('The sample corpus was not made', async () => {
      const job = await this.job.run(
        { kind: 'sample', title: 'Make the synthetic sample corpus', experiment: null },
        () => this.engine.connection.request('sample.generate', { directory, authors, seed: 1 }),
      )
      if (!this.#tellEnd(job)) return
      this.importing.clear()
      this.importing.divide = false
      this.importing.add(['train', 'dev', 'test'].map((fold) => `${directory}/${fold}.txt.gz`))
      this.navigation.go('corpus')
    })
  }

  async saveExperiment(): Promise<boolean> {
    return this.attempt('The experiment was not saved', async () => {
      const name = await this.draft.save()
      this.project.experiment = name
      await this.project.refresh()
      this.#look(name)
    })
  }

  /** Saves what is unsaved, then runs what the experiment still lacks. */
  async startExperiment(): Promise<void> {
    if (this.draft.dirty && !(await this.saveExperiment())) return
    const name = this.project.experiment
    if (name === null) return
    this.navigation.go('training')
    await this.runExperiment(name)
  }

  async runExperiment(name: string): Promise<void> {
    await this.attempt(`“${name}” did not start`, async () => {
      const job = await this.job.run({ kind: 'experiment', title: `Experiment ${name}`, experiment: name }, () =>
        this.engine.connection.request('experiment.run', { name }),
      )
      await this.project.refresh()
      if (this.project.experiment === name) this.#look(name)
      this.#tellEnd(job)
    })
  }

  /** Reads results anew that others have made of the experiment that is looked at. */
  async takeInResults(): Promise<void> {
    await this.attempt('The results were not read', async () => {
      await this.project.refresh()
      this.#look(this.project.experiment)
    })
  }

  /** A job of one view's own; what goes wrong is told. @returns the finished job's id, or null where it brought nothing */
  async runJob(
    start: Pick<Job, 'kind' | 'title' | 'experiment'>,
    ask: () => Promise<{ job: string }>,
  ): Promise<string | null> {
    let finished: string | null = null
    await this.attempt(`${start.title} did not start`, async () => {
      const job = await this.job.run(start, ask)
      if (this.#tellEnd(job)) finished = job.id
    })
    return finished
  }

  async resume(name: string): Promise<void> {
    this.notices.clear()
    if (this.project.experiment !== name) await this.lookAt(name)
    this.navigation.go('training')
    await this.runExperiment(name)
  }

  async cancelJob(): Promise<void> {
    await this.attempt('The job was not cancelled', () => this.job.cancel())
  }

  /** For a job that does not stop: ends the engine under it. Checkpoints make that safe. */
  async stopNow(): Promise<void> {
    this.job.lost({
      code: 'job/ended',
      message: 'The engine was ended under the job. Finished steps and the last checkpoint are kept.',
    })
    await this.engine.restart(new EngineError('engine/restarted', 'The engine was ended with its job.'))
  }

  /** @param title of the artefact, for the notice that offers it back */
  async deleteArtefact(kind: string, id: string, title: string): Promise<boolean> {
    const deleted = await this.#changeArtefact('Nothing was deleted', 'artefact.delete', kind, id)
    if (deleted)
      // Each of them is somewhere on the disk still.
      this.notices.removed(`${kind} ${id}`, {
        title: `${title} was deleted`,
        text: 'It can be brought back until the project is closed.',
        undo: () => void this.#changeArtefact('It was not brought back', 'artefact.restore', kind, id),
      })
    return deleted
  }

  #changeArtefact(failure: string, method: 'artefact.delete' | 'artefact.restore', kind: string, id: string) {
    return this.attempt(failure, async () => {
      this.project.view = await this.engine.connection.request(method, { kind, id })
      await this.project.replan()
      this.#look(this.project.experiment)
    })
  }

  #look(experiment: string | null): void {
    this.results.look(experiment)
    for (const state of this.viewStates.values()) state.look(experiment)
  }

  /** @returns whether the job brought what it was started for */
  #tellEnd({ phase, error, title, kind, experiment }: Job): boolean {
    if (phase === 'failed' && error?.code !== 'engine/stopped') {
      const again =
        kind === 'experiment' && experiment ? [{ title: 'Try again', act: () => this.resume(experiment) }] : []
      this.notices.error(
        `${title} failed`,
        new EngineError(error?.code ?? 'job/failed', error?.message ?? 'No reason was given.', error?.data),
        again,
      )
    }
    return phase === 'finished'
  }

  async #engineReady(): Promise<void> {
    await this.attempt('The project was not opened again', async () => {
      await this.project.reopen()
      // What the engine before was asked and did not answer is asked again.
      this.#look(this.project.experiment)
      if (this.draft.dirty) await this.draft.check()
    })
  }

  #engineStopped(report: ErrorReport, restarting: boolean): void {
    const experiment = this.job.running ? this.job.current?.experiment : null
    this.job.lost(report)
    const actions = restarting
      ? experiment
        ? [{ title: `Resume “${experiment}”`, act: () => this.resume(experiment) }]
        : []
      : [
          {
            title: 'Start the engine again',
            act: () => void this.engine.restart(new EngineError(report.code, report.message)),
          },
        ]
    this.notices.error('The engine stopped', new EngineError(report.code, report.message, report.data), actions)
  }

  /** What goes wrong is told above the view; the caller goes on. @returns whether it was done */
  async attempt(title: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      this.#tell(title, error)
      return false
    }
  }

  #tell(title: string, error: unknown): void {
    if (!isSaidElsewhere(error)) this.notices.error(title, error)
  }
}

export const [useWorkbench, provideWorkbench] = createContext<Workbench>()
