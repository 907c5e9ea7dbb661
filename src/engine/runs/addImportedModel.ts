import { isSeq, parseDocument } from 'yaml'
import type { Experiment } from '#protocol/experiment.ts'
import { EngineError } from '#protocol/errors.ts'

/**
 * An experiment's text with one more model, `imported` from a file; comments and order stay. A model of that name is
 * replaced where it is an imported one too.
 * @param file absolute
 * @throws EngineError 'experiment/name-taken' where another model has the name
 */
export function addImportedModel(
  yaml: string,
  { models, matrix }: Experiment,
  { name, file }: { name: string; file: string },
): string {
  const known = models[name]
  if (known && known.method !== 'imported')
    throw new EngineError(
      'experiment/name-taken',
      `The experiment has a model "${name}" that is trained here (${known.method}). Choose another name for the predictions.`,
      { name },
    )
  const document = parseDocument(yaml)
  // Where the text leaves the models to their defaults, these have to be written out beside the new one.
  if (!document.has('models')) document.set('models', document.createNode(models))
  document.setIn(['models', name], document.createNode({ method: 'imported', file }))
  const chosen: unknown = document.getIn(['matrix', 'models'])
  if (matrix.models && !matrix.models.includes(name) && isSeq(chosen)) chosen.add(name)
  return document.toString({ lineWidth: 110, flowCollectionPadding: false })
}
