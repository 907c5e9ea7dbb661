import { expect, it } from 'vitest'
import { codeOf, startEngine } from './testing/startEngine.ts'

const circle: Record<string, unknown> = {}
circle['again'] = [circle]

/** A few objects that name one another: written out they would be 2^100. */
let doubled: unknown = 'a'
for (let i = 0; i < 60; i++) doubled = [doubled, doubled]

const request = (params: unknown) => ({ kind: 'request', id: 7, method: 'corpus.preview', params })

it.each<[string, unknown, number | null, string]>([
  ['nothing', null, null, 'wire/not-a-request'],
  ['no value', undefined, null, 'wire/not-a-request'],
  ['a text', 'project.view', null, 'wire/not-a-request'],
  ['a list', [1, 2], null, 'wire/not-a-request'],
  ['a message without an id', { kind: 'request', method: 'project.view', params: {} }, null, 'wire/not-a-request'],
  [
    'an id that is no number',
    { kind: 'request', id: 'a', method: 'project.view', params: {} },
    null,
    'wire/not-a-request',
  ],
  [
    'an id that is no whole number',
    { kind: 'request', id: NaN, method: 'project.view', params: {} },
    null,
    'wire/not-a-request',
  ],
  ['a message that is no request', { kind: 'grant', id: 7, paths: ['/'] }, 7, 'wire/not-a-request'],
  ['a method in a list', { kind: 'request', id: 7, method: ['project.view'], params: {} }, 7, 'wire/not-a-request'],
  ['a message that holds itself', circle, null, 'wire/too-large'],
  ['parameters that hold themselves', request(circle), 7, 'wire/too-large'],
  ['parameters that grow when they are written out', request(doubled), 7, 'wire/too-large'],
  ['parameters of 500 MB', request({ files: ['a'.repeat(500_000_000)] }), 7, 'wire/too-large'],
  ['a list with a length and nothing in it', request({ files: new Array(4_000_000_000) }), 7, 'wire/too-large'],
  ['bytes', request({ files: new Uint8Array(1 << 20) }), 7, 'wire/not-a-request'],
  ['a map', request(new Map([['files', ['a']]])), 7, 'wire/not-a-request'],
  ['no parameters', { kind: 'request', id: 7, method: 'corpus.preview' }, 7, 'wire/not-a-request'],
  ['parameters that are a number', request(5), 7, 'wire/wrong-parameters'],
  ['parameters of other types', request({ files: { 0: 'a' } }), 7, 'wire/wrong-parameters'],
  [
    'thousands of values of other types',
    request({ files: Array.from({ length: 49_000 }, () => 1) }),
    7,
    'wire/wrong-parameters',
  ],
  [
    'a method that every object has',
    { kind: 'request', id: 7, method: 'toString', params: {} },
    7,
    'wire/unknown-method',
  ],
])('refuses %s, and answers what comes after', async (_what, message, id, code) => {
  const engine = startEngine()
  const asked = performance.now()
  const answer = await engine.answerTo(message, id)
  expect(codeOf(answer)).toBe(code)
  expect('error' in answer && answer.error.message.length).toBeLessThan(2000)
  expect(performance.now() - asked).toBeLessThan(2000)
  expect(await engine.codeOf('project.view', {})).toBe('project/none-open')
  await engine.stop()
})
