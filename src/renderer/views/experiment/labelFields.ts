import type { LabelMethodName } from '#protocol/labels/labels.ts'
import { choice, whole, type Field } from './fields.ts'
import type { Path } from '../../state/yamlText.ts'

/** What the form shows of a label scheme, by its method. */
export const labelFields: Record<LabelMethodName, (at: (key: string) => Path) => Field[]> = {
  'kd-tree': (at) => [
    { path: at('bucket'), label: 'Points a cell', ...whole(1), hint: 'At most' },
    {
      path: at('assign'),
      label: 'New points go to',
      ...choice(['cell', 'the cell they lie in'], ['nearest-median', 'the nearest centre']),
    },
  ],
  point2city: (at) => [
    { path: at('radiusKm'), label: 'Radius, km', kind: 'number', min: 0.1, max: 2000, step: 0.1 },
    { path: at('minPopulation'), label: 'City of at least', ...whole(500), hint: 'Inhabitants' },
    {
      path: at('merge'),
      label: 'Cities merge',
      ...choice(['nearest', 'with the nearest'], ['mutual', 'when mutually nearest']),
    },
  ],
  'k-means': (at) => [
    { path: at('clusters'), label: 'Clusters', ...whole(2, 100_000) },
    { path: at('seed'), label: 'Seed', ...whole(0) },
  ],
  'han-cities': (at) => [
    { path: at('minPopulation'), label: 'City of at least', ...whole(500), hint: 'Inhabitants' },
    {
      path: at('joinKm'),
      label: 'Joined within, km',
      kind: 'number',
      min: 0,
      max: 1000,
      step: 1,
      hint: 'To a larger one',
    },
  ],
  polygons: (at) => [
    { path: at('file'), label: 'Areas', kind: 'file', purpose: 'areas' },
    {
      path: at('by'),
      label: 'Joined by',
      kind: 'text',
      placeholder: 'each is a label',
      hint: 'A property: areas of one value are one label',
    },
  ],
  column: (at) => [
    {
      path: at('column'),
      label: 'Column',
      kind: 'text',
      suggests: 'columns',
      placeholder: 'country',
      hint: 'Each value is a label',
    },
  ],
}
