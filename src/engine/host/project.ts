import { EngineError } from '#protocol/errors.ts'
import type { Experiment } from '#protocol/experiment.ts'
import type { ProjectView } from '#protocol/methods.ts'
import type { Verification } from '#protocol/project.ts'
import type { RunSummary } from '#protocol/runs.ts'
import { conditionNameOf } from '#pure/conditionName.ts'
import { matrixOf } from '#pure/runMatrix.ts'
import { artefactStore, type ArtefactStore } from '#engine/runs/artefactStore.ts'
import { fileHash } from '#engine/runs/contentId.ts'
import { listExperiments, loadExperiment } from '#engine/runs/experimentFile.ts'
import { openProject, writeProject, type ProjectFile } from '#engine/runs/projectFolder.ts'
import { openPredictor, type Predictor } from '#engine/runs/predictText.ts'
import type { PlannedStep } from '#engine/runs/planExperiment.ts'
import { recipesOf, type ExperimentRecipes } from '#engine/runs/recipes.ts'
import { sourceFiles } from '#engine/runs/sourceFiles.ts'
import { keepSourceHashes, readSourceHashes } from '#engine/runs/sourceHashes.ts'
import type { StoredExperiment } from '#engine/runs/storedExperiment.ts'
import { readCorpusSummary } from '#engine/runs/summaries.ts'
import type { Grants } from './grants.ts'
import { checkImportFrom } from './machinePolicy.ts'

/** A project that was opened, and what the engine remembers of it between calls. */
export class Project {
  readonly directory: string
  readonly store: ArtefactStore
  /** What the last check of every file found; null before one. */
  verification: Verification | null = null
  /** Hashes of corpus files by path, made once: size and time of change would be guesses. */
  readonly #hashes = new Map<string, string>()
  readonly #grants: Grants
  #predictor: { run: string; loaded: Promise<Predictor> } | null = null

  constructor(directory: string, grants: Grants) {
    this.directory = directory
    this.store = artefactStore(directory)
    this.#grants = grants
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

  /**
   * To be called before steps are done: an experiment whose files nobody granted may be looked at, and go on from what is there.
   * @throws EngineError 'path/not-granted' where a step that is missing reads a file that the client may not name
   */
  async checkSources(experiment: Experiment, steps: PlannedStep[]): Promise<void> {
    for (const step of steps) {
      if (step.state === 'done') continue
      const files = sourceFiles(experiment, step)
      for (const file of files) await this.#grants.check(file, this.directory)
      if (step.stage === 'import') await checkImportFrom(files, this.directory)
    }
  }

  /** Whether the client may have an experiment's corpus files read. */
  mayReadCorpus(experiment: Experiment): Promise<boolean> {
    const checks = sourceFiles(experiment, { stage: 'import' }).map((file) => this.#grants.check(file, this.directory))
    return Promise.all(checks).then(
      () => true,
      () => false,
    )
  }

  async experiment(name: string): Promise<Experiment> {
    return (await loadExperiment(this.directory, name)).experiment
  }

  /** An experiment of the project by its name, with what follows from it. */
  async stored(name: string): Promise<StoredExperiment> {
    return this.storedAs(await this.experiment(name))
  }

  /** The same of an experiment that is at hand. */
  async storedAs(experiment: Experiment, signal?: AbortSignal): Promise<StoredExperiment> {
    return { directory: this.directory, store: this.store, experiment, recipes: await this.recipes(experiment, signal) }
  }

  /** @param recipes the experiment's, where they are at hand */
  async runsOf(experiment: Experiment, recipes?: ExperimentRecipes, signal?: AbortSignal): Promise<RunSummary[]> {
    const { runs } = recipes ?? (await this.recipes(experiment))
    const summaries: RunSummary[] = []
    for (const run of runs) {
      const { id, seed } = run
      signal?.throwIfAborted()
      const status = (await this.store.has('run', id))
        ? 'finished'
        : (await this.store.hasCheckpoint('run', id))
          ? 'partial'
          : 'missing'
      summaries.push({
        id,
        experiment: experiment.name,
        ...conditionNameOf(experiment, run),
        seed,
        status,
      })
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
      const ids = [
        recipes.corpus,
        ...Array.from(recipes.words.values(), ({ vocabulary, embedding }) => [vocabulary, embedding]).flat(),
        ...recipes.labels.values(),
        ...recipes.runs,
      ].map(({ id }) => id)
      for (const id of ids) {
        const known = users.get(id)
        if (known) known.push(name)
        else users.set(id, [name])
      }
    }
    const artefacts = (await this.store.list()).map((artefact) => ({
      ...artefact,
      experiments: users.get(artefact.id) ?? [],
    }))
    const corpora = []
    for (const { kind, id, damaged } of artefacts) {
      signal.throwIfAborted()
      if (kind === 'corpus' && damaged === null) corpora.push(await readCorpusSummary(this.store.place('corpus', id)))
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
    return this.store.whole('labels', recipe.id)
  }

  /**
   * A label set by its name, of an experiment or of the one that ran last.
   * @throws EngineError 'labels/unknown', 'labels/no-experiment'
   */
  async labelSet(labels: string, experiment?: string): Promise<{ id: string; directory: string }> {
    const name = experiment ?? (await this.file()).lastExperiment ?? (await listExperiments(this.directory))[0]
    if (name === undefined)
      throw new EngineError(
        'labels/no-experiment',
        `The project has no experiment, and so no labels "${labels}". Fit some first: isogloss labels EXPERIMENT --project DIR.`,
      )
    const asked = await this.experiment(name)
    const directory = await this.labelsDirectory(asked, labels)
    return { id: (await this.recipes(asked)).labels.get(labels)!.id, directory }
  }

  async #hash(path: string, signal?: AbortSignal): Promise<string> {
    const known = this.#hashes.get(path)
    if (known) return known
    const hash = await this.#read(path, signal).catch(async (error: unknown) => {
      const kept = signal?.aborted ? undefined : (await readSourceHashes(this.directory)).get(path)
      if (kept === undefined) throw error
      return kept
    })
    this.#hashes.set(path, hash)
    return hash
  }

  async #read(path: string, signal?: AbortSignal): Promise<string> {
    await this.#grants.check(path, this.directory)
    return fileHash(path, signal)
  }
}
