import { loadMachineProfile } from '#engine/runs/machineProfile.ts'
import { measureMachine } from '#engine/runs/measureMachine.ts'
import { doctor } from '../doctor.ts'
import { jobContext } from '../jobContext.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const machineHandlers = ({ jobs }: HandlerContext): HandlersOf<'machine' | 'doctor'> => ({
  'machine.measure': async () => ({
    job: jobs.start(async (job) => {
      await measureMachine(jobContext(job, 'training', 'Measure the machine'))
    }),
  }),
  'machine.profile': () => loadMachineProfile(),
  doctor: () => doctor(),
})
