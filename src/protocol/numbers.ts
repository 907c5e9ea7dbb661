import { z } from 'zod'

/** Kinds of numbers that several groups of settings have. */

export const fraction = z.number().min(0).max(0.9)
export const seed = z.number().int().min(0).max(0xffffffff)
export const count = z.number().int().positive()
