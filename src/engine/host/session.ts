import { resolve } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { Experiment } from '#protocol/experiment.ts'
import type { ProjectView } from '#protocol/methods.ts'
import type { ArtefactSummary, RunSummary } from '#protocol/results.ts'
import { artefactStore, type ArtefactStore } from '#engine/runs/artefactStore.ts'
import { readCorpusSummary } from '#engine/runs/compareExperiment.ts'
import { fileHash } from '#engine/runs/contentId.ts'
import { listExperiments, loadExperiment, matrixOf } from '#engine/runs/experimentFile.ts'
import { createProject, openOrCreateProject, openProject, writeProject, type ProjectFile } from '#engine/runs/projectFolder.ts'
import { openPredictor, type Predictor } from '#engine/runs/predictText.ts'
import { recipesOf, type ExperimentRecipes } from '#engine/runs/recipes.ts'
import { keepSourceHashes, readSourceHashes } from '#engine/runs/sourceHashes.ts'

/** One client's open project, and what the engine remembers of it between calls. */
export class Session {
  #project: { directory: string; store: ArtefactStore } | null = null
  /** Hashes of corpus files by path, made once a session: size and time of change would be guesses. */
  readonly #hashes = new Map<string, string>()
  #predictor: { run: string; loaded: Promise<Predictor> } | null = null

  get directory(): string {
    return this.#open().directory
  }

  get store(): ArtefactStore {
    return this.#open().store
  }

  async create(directory: string, name: string | undefined, signal: AbortSignal): Promise<ProjectView> {
    await createProject(directory, name)
    return this.#adopt(directory, signal)
  }

  async open(directory: string, signal: AbortSignal): Promise<ProjectView> {
    await openProject(resolve(directory))
    return this.#adopt(directory, signal)
  }

  async openOrCreate(directory: string, signal: AbortSignal): Promise<ProjectView> {
    await openOrCreateProject(resolve(directory))
    return this.#adopt(directory, signal)
  }

  close(): void {
    this.#project = null
    this.#predictor = null
  }

  file(): Promise<ProjectFile> {
    return openProject(this.directory)
  }

  async update(change: Partial<Pick<ProjectFile, 'lastExperiment' | 'unfinished'>>): Promise<void> {
    await writeProject(this.directory, { ...(await this.file()), ...change })
  }

  /** A run's predictor, loaded once for a series of texts. */
  predictor(run: string): Promise<Predictor> {
    if (this.#predictor?.run !== run) {
      const loaded = openPredictor(this.store, run)
      this.#predictor = { run, loaded }
      loaded.catch(() => (this.#predictor = null))
    }
    return this.#predictor.loaded
  }

  recipes(experiment: Experiment, signal?: AbortSignal): Promise<ExperimentRecipes> {
    return recipesOf(experiment, (path) => this.#hash(path, signal), signal)
  }

  /** Keeps the hashes of the files that were read, for the day when a file is gone. */
  keepHashes(): Promise<void> {
    return keepSourceHashes(this.directory, this.#hashes)
  }

  /** Corpus files may have changed: the next plan reads them again. */
  forgetHashes(): void {
    this.#hashes.clear()
  }

  async experiment(name: string): Promise<Experiment> {
    return (await loadExperiment(this.directory, name)).experiment
  }

  /** @param recipes the experiment's, where they are at hand */
  async runsOf(experiment: Experiment, recipes?: ExperimentRecipes, signal?: AbortSignal): Promise<RunSummary[]> {
    const { runs } = recipes ?? (await this.recipes(experiment))
    const summaries: RunSummary[] = []
    for (const { id, labels, model, seed } of runs) {
      signal?.throwIfAborted()
      const status = (await this.store.has('run', id)) ? 'finished' : (await this.store.hasCheckpoint('run', id)) ? 'partial' : 'missing'
      summaries.push({ id, experiment: experiment.name, labels, model, seed, status })
    }
    return summaries
  }

  /** Reads every experiment and manifest of the project, which takes a while where they are many. */
  async view(signal: AbortSignal): Promise<ProjectView> {
    const file = await this.file()
    const names = await listExperiments(this.directory)
    const users = new Map<string, string[]>()
    const runs: RunSummary[] = []
    for (const name of names) {
      signal.throwIfAborted()
      // An experiment whose corpus files are gone or changed since still shows its name.
      const experiment = await this.experiment(name).catch(() => null)
      const recipes = experiment && (await this.recipes(experiment, signal).catch(() => null))
      if (!experiment || !recipes) continue
      runs.push(...(await this.runsOf(experiment, recipes, signal)))
      const ids = [recipes.corpus, recipes.vocabulary, recipes.embedding, ...recipes.labels.values(), ...recipes.runs].map(({ id }) => id)
      for (const id of ids) {
        const known = users.get(id)
        if (known) known.push(name)
        else users.set(id, [name])
      }
    }
    const manifests = await this.store.list()
    signal.throwIfAborted()
    const artefacts = manifests.map(
      ({ kind, id, title, createdAt, files }): ArtefactSummary => ({
        kind,
        id,
        title,
        createdAt,
        bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        experiments: users.get(id) ?? [],
      }),
    )
    const corpora = []
    for (const { kind, id } of manifests) {
      signal.throwIfAborted()
      if (kind === 'corpus') corpora.push(await readCorpusSummary(this.store.place('corpus', id)))
    }
    return {
      directory: this.directory,
      name: file.name,
      formatVersion: file.formatVersion,
      corpora,
      experiments: names,
      artefacts,
      runs,
      unfinished: file.unfinished,
    }
  }

  /** The folder of an experiment's label set; the matrix must name the scheme. */
  async labelsDirectory(experiment: Experiment, labels: string): Promise<string> {
    const recipes = await this.recipes(experiment)
    const recipe = recipes.labels.get(labels)
    if (!recipe) {
      throw new EngineError(
        'labels/unknown',
        `"${experiment.name}" has no label scheme "${labels}"; it has ${matrixOf(experiment).labels.join(', ')}. Choose one of these.`,
      )
    }
    await this.store.manifest('labels', recipe.id)
    return this.store.place('labels', recipe.id)
  }

  async #adopt(directory: string, signal: AbortSignal): Promise<ProjectView> {
    const place = resolve(directory)
    this.#project = { directory: place, store: artefactStore(place) }
    this.#predictor = null
    return this.view(signal)
  }

  async #hash(path: string, signal?: AbortSignal): Promise<string> {
    const known = this.#hashes.get(path)
    if (known) return known
    const hash = await fileHash(path, signal).catch(async (error: unknown) => {
      const kept = signal?.aborted ? undefined : (await readSourceHashes(this.directory)).get(path)
      if (kept === undefined) throw error
      return kept
    })
    this.#hashes.set(path, hash)
    return hash
  }

  #open() {
    if (!this.#project) {
      throw new EngineError('project/none-open', 'No project is open; this needs one. Open or create a project first.')
    }
    return this.#project
  }
}
