import { withProjectLock } from '#engine/runs/projectLock.ts'
import { readVariables, saveVariable } from '#engine/runs/variables.ts'
import { quietContext } from '#engine/context.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const variablesHandlers = ({ session }: HandlerContext): HandlersOf<'variables'> => ({
  'variables.read': async () => readVariables((await Promise.resolve(session.project)).directory),
  async 'variables.save'({ name, variable }) {
    const { directory } = await Promise.resolve(session.project)
    return withProjectLock(directory, quietContext.signal, async () => {
      await saveVariable(directory, name, variable)
      return readVariables(directory)
    })
  },
})
