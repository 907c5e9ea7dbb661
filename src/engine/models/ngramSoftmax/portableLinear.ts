import type { PortableModel, PortableTensor } from '#engine/models/method.ts'
import type { LinearModel } from './linearModel.ts'
import program from './portableProgram.ts?alone'

/** The model as one file of tensors, with the program that reads texts as it does. */
export function portableLinear({
  settings,
  tokenisation,
  features: { slots, idf, wordColumns },
  weights,
  scales,
  prior,
  smoothingKm,
}: LinearModel): PortableModel {
  const row = (name: string, values: PortableTensor['values']): PortableTensor => ({
    name,
    shape: [values.length],
    values,
  })
  return {
    form: 'safetensors',
    tensors: [
      row('prior', prior),
      row('idf', idf),
      row('scales', scales),
      ...(slots ? [row('slots', slots)] : []),
      { name: 'weights', shape: [idf.length, prior.length], values: weights },
    ],
    settings: { settings, tokenisation, wordColumns, smoothingKm },
    program,
  }
}
