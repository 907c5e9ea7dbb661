import { saveChosen } from '#engine/files/figureFile.ts'
import type { HandlersOf } from './handlerContext.ts'

export const figureHandlers = (): HandlersOf<'figure'> => ({
  async 'figure.save'({ file, content }) {
    await saveChosen(file, content)
    return { file }
  },
})
