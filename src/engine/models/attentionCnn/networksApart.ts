import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { ModelTask } from '#protocol/models/description.ts'
import type { Matrix } from '#engine/embeddings/vectors.ts'
import type { ModelSize, TrainedModel, TrainingData, TrainingTask } from '#engine/models/method.ts'
import { loadOneNetwork, trainOneNetwork } from './networkModel.ts'

/** Tasks in the order in which their networks are trained; each has a folder of its name. */
const tasks: ModelTask[] = ['coordinates', 'labels']

/** The settings of each network that a model is made of. */
export const networksOf = (settings: AttentionCnnSettings): AttentionCnnSettings[] =>
  settings.joint === false ? tasks.map((task) => only(settings, task)) : [settings]

const only = (settings: AttentionCnnSettings, task: ModelTask): AttentionCnnSettings => ({
  ...settings,
  tasks: [task],
  joint: undefined,
})

/**
 * A network for coordinates and one for labels, which share nothing: what joint training is held against. The curve is that of the
 * labels, with the coordinates' loss of the same epoch beside it.
 */
export async function trainApart(
  settings: AttentionCnnSettings,
  data: TrainingData,
  task: TrainingTask,
): Promise<TrainedModel> {
  const { context } = task
  const part = (name: ModelTask, number: number): TrainingTask => ({
    ...task,
    checkpoint: join(task.checkpoint, name),
    context: {
      ...context,
      report: ({ total, ...rest }) =>
        context.report(
          total === null
            ? { ...rest, total }
            : { ...rest, done: rest.done + number * total, total: tasks.length * total },
        ),
    },
  })
  for (const name of tasks) await mkdir(join(task.checkpoint, name), { recursive: true })
  // Training works on the vectors in place.
  const vectors = { ...data.vectors!, values: data.vectors!.values.slice() }
  const coordinates = await trainOneNetwork(
    only(settings, 'coordinates'),
    { ...data, vectors, labels: null },
    { ...part('coordinates', 0), onEpoch: () => undefined },
  )
  const labels = await trainOneNetwork(only(settings, 'labels'), data, {
    ...part('labels', 1),
    onEpoch: (metrics) =>
      task.onEpoch({ ...metrics, coordinateLoss: coordinates.epochs![metrics.epoch - 1]?.trainLoss ?? null }),
  })
  return both(labels, coordinates)
}

/** Whether a model's folder holds a network for each task. */
export const holdsTwoNetworks = (directory: string): Promise<boolean> =>
  stat(join(directory, 'labels')).then(
    (found) => found.isDirectory(),
    () => false,
  )

/** @throws EngineError 'file/damaged' */
export async function loadApart(
  directory: string,
  size: ModelSize,
  vectors: () => Promise<Matrix>,
): Promise<TrainedModel> {
  const labels = await loadOneNetwork(join(directory, 'labels'), size, vectors)
  return both(labels, await loadOneNetwork(join(directory, 'coordinates'), { ...size, labels: 0 }, vectors))
}

/** What is asked of the labels the one answers, the place of its own the other. */
function both(labels: TrainedModel, coordinates: TrainedModel): TrainedModel {
  return {
    ...labels,
    portable: undefined,
    async predict(documents, chosen, context) {
      const { posterior } = await labels.predict(documents, chosen, context)
      return { posterior, coordinates: (await coordinates.predict(documents, chosen, context)).coordinates }
    },
    async save(directory) {
      for (const [name, model] of Object.entries({ labels, coordinates })) {
        await mkdir(join(directory, name), { recursive: true })
        await model.save(join(directory, name))
      }
    },
  }
}
