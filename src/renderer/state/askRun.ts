import type { Prediction } from '#protocol/runs.ts'
import type { Workbench } from './workbench.svelte.ts'

/** Whether the experiment wants regions that hold their level within each label too. */
export const wantsPerLabel = ({ draft }: Pick<Workbench, 'draft'>): boolean =>
  draft.effective?.evaluation.uncertainty?.perLabel ?? false

/** Where a run says that a text is from, with regions as the experiment wants them. */
export const askRun = (
  workbench: Pick<Workbench, 'draft' | 'engine'>,
  run: string,
  text: string,
): Promise<Prediction> =>
  workbench.engine.connection.request('run.predict', {
    run,
    text,
    ...(wantsPerLabel(workbench) ? { perLabel: true } : {}),
  })
