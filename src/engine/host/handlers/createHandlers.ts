import { artefactHandlers } from './artefact.ts'
import { clusterHandlers } from './cluster.ts'
import { corpusHandlers } from './corpus.ts'
import { embeddingHandlers } from './embedding.ts'
import { experimentHandlers } from './experiment.ts'
import { explorerHandlers } from './explorer.ts'
import { figureHandlers } from './figure.ts'
import type { HandlerContext, Handlers } from './handlerContext.ts'
import { jobHandlers } from './job.ts'
import { labelsHandlers } from './labels.ts'
import { machineHandlers } from './machine.ts'
import { projectHandlers } from './project.ts'
import { runHandlers } from './run.ts'
import { sampleHandlers } from './sample.ts'
import { textsHandlers } from './texts.ts'
import { variablesHandlers } from './variables.ts'

/** The engine's answers, method by method: each names the part that does the work. One file an area of the protocol. */
export const createHandlers = (context: HandlerContext): Handlers => ({
  ...projectHandlers(context),
  ...corpusHandlers(context),
  ...sampleHandlers(context),
  ...experimentHandlers(context),
  ...labelsHandlers(context),
  ...embeddingHandlers(context),
  ...explorerHandlers(context),
  ...variablesHandlers(context),
  ...figureHandlers(),
  ...textsHandlers(),
  ...runHandlers(context),
  ...artefactHandlers(context),
  ...clusterHandlers(context),
  ...jobHandlers(context),
  ...machineHandlers(context),
})
