import type { Answer, Question } from '#protocol/explorer.ts'
import { withProjectLock } from '#engine/runs/projectLock.ts'
import { askQuestion } from '#engine/runs/questions/askQuestion.ts'
import { jobContext } from './jobContext.ts'
import type { Job } from './jobs.ts'
import type { Project } from './project.ts'

/** Answers a question as a job, under the project's lock: the first one of a corpus writes its tokens. */
export async function askJob(project: Project, question: Question, job: Job): Promise<Answer> {
  return withProjectLock(project.directory, job.signal, (signal) =>
    askQuestion(project, question, jobContext({ ...job, signal }, 'vocabulary', 'Go through the words')),
  )
}
