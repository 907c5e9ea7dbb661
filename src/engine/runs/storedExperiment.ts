import type { Experiment } from '#protocol/experiment.ts'
import type { ArtefactStore } from './artefactStore.ts'
import type { ExperimentRecipes } from './recipes.ts'

/** An experiment of a project: what it asks for, the artefacts that follow from it, and where they lie. */
export interface StoredExperiment {
  /** The project's folder. */
  directory: string
  store: ArtefactStore
  experiment: Experiment
  recipes: ExperimentRecipes
}
