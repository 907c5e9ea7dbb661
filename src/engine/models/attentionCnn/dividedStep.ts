import { isOutOfMemory } from '#engine/compute/outOfMemory.ts'
import type { TensorFlow } from '#engine/compute/types.ts'
import { trainingStep, type StepDocuments, type StepPlan, type StepState } from './trainingStep.ts'

/**
 * Training steps that cut their batch into more parts each time that the device's memory does not suffice, and keep to it.
 * @throws whatever the device says where it has no memory for one document
 */
export function dividedStep(tf: TensorFlow, plan: StepPlan, note: (message: string) => void) {
  let parts = 1
  return (state: StepState, documents: StepDocuments): StepState => {
    for (;;) {
      try {
        return trainingStep(tf, plan, state, documents, parts)
      } catch (error) {
        if (!isOutOfMemory(error) || parts >= documents.batch.count) throw error
        parts *= 2
        note(
          `The device has no memory for batches of ${plan.settings.batch} documents: they go through in ${parts} parts, which changes nothing but rounding.`,
        )
      }
    }
  }
}
