import { describe, expect, it } from 'vitest'
import { policySettings } from '#protocol/policy.ts'
import { readPolicy } from './readPolicy.ts'

describe('readPolicy', () => {
  it('reads every setting', () => {
    const text = `
projectFolder: /srv/projects
device: cpu
threads: 4
memoryMiB: 8192
cacheFolder: /var/tmp/isogloss
importFrom: [/srv/corpora, /data]
updateFolder: /srv/isogloss
`
    const { policy, problems } = readPolicy(text)
    expect(problems).toEqual([])
    expect(Object.keys(policy)).toEqual(Object.keys(policySettings))
  })

  it('keeps what can be used, and says of each other line what was found and expected', () => {
    const { policy, problems } = readPolicy('threads: many\nmemory: 8\ncacheFolder: tmp\ndevice: cpu\nimportFrom: []')
    expect(policy).toEqual({ device: 'cpu' })
    expect(problems).toEqual([
      expect.stringMatching(/^threads is "many": expected number/),
      expect.stringMatching(/^There is no setting "memory"; there are projectFolder, /),
      expect.stringMatching(/^cacheFolder is "tmp": expected an absolute path/),
      expect.stringMatching(/^importFrom is \[\]: /),
    ])
  })

  it.each(['a: [', '- 1', '7'])('says so of what is no policy: %s', (text) => {
    expect(readPolicy(text)).toMatchObject({ policy: {}, problems: [expect.stringMatching(/No setting holds/)] })
  })
})
