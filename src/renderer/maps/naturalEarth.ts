import type { Atlas } from '#pure/figures/landOfFigure.ts'

const countries = {
  '110m': () => import('world-atlas/countries-110m.json'),
  '50m': () => import('world-atlas/countries-50m.json'),
  '10m': () => import('world-atlas/countries-10m.json'),
}

/** Natural Earth (public domain) as npm packages bring it; each file is read when a map needs it. */
export const naturalEarth: Atlas = {
  countries: async (detail) => (await countries[detail]()).default,
  states: async () => (await import('us-atlas/states-10m.json')).default,
}
