/** The names of TensorFlow.js that models speak in; what runs them is decided in tensorflow.ts. */
export type TensorFlow = typeof import('@tensorflow/tfjs')
export type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs'
