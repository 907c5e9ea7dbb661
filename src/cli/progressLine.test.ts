import { describe, expect, it } from 'vitest'
import { progressBar, progressLine } from './progressLine.ts'

const payload = {
  job: 'job-1',
  progress: {
    stage: 'training',
    title: 'Train kd/mtl, seed 1',
    done: 250,
    total: 1000,
    unit: 'steps',
    rate: 12.34,
    rowsRate: null,
    remainingMs: 61_000,
    loss: null,
  },
  overall: { done: 30, total: 60, remainingMs: 3_720_000 },
} as const

describe('progress', () => {
  it('says what is done, how fast and how long still', () => {
    expect(progressLine(payload)).toBe('Train kd/mtl, seed 1, 250 of 1,000 steps, 12.3/s, 1 min 1 s left')
    expect(
      progressLine({ ...payload, progress: { ...payload.progress, total: null, rate: null, remainingMs: null } }),
    ).toBe('Train kd/mtl, seed 1, 250 steps')
  })

  it('says MiB and rows per second where files are read', () => {
    const progress = {
      ...payload.progress,
      done: 3_355_443,
      total: 1_073_741_824,
      unit: 'bytes',
      rate: 1_572_864,
      rowsRate: 51_234,
    } as const
    expect(progressLine({ ...payload, progress })).toContain(', 3.2 of 1,024 MiB, 1.5 MiB/s, 51,234 rows/s, 1 min')
  })

  it('says the loss where a stage has one', () => {
    expect(progressLine({ ...payload, progress: { ...payload.progress, loss: 2.41357 } })).toContain(
      '12.3/s, loss 2.414, 1 min',
    )
  })

  it('draws the share of the whole job and never more than the terminal holds', () => {
    expect(progressBar(payload, 200)).toMatch(/^█{12}░{12} {2}50 % {2}Train.*all in 1 h 2 min$/)
    expect(progressBar(payload, 40)).toHaveLength(39)
    expect(progressBar({ ...payload, overall: { done: 70, total: 60, remainingMs: null } }, 200)).toMatch(
      /^█{24} 100 %/,
    )
  })
})
