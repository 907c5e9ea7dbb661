import { runnerImport } from 'vite'

// Prints, as JSON, the device, d/da sum(a * a * b) at a = [2, 2, 3, 3], b = 1; or the error's code and message.
const source = new URL('../tensorflow.ts', import.meta.url).pathname
const { module } = await runnerImport(source, { configFile: false, logLevel: 'error' })
try {
  const { tf, device } = await module.loadTensorFlow()
  const gradient = tf.grad((/** @type {import('@tensorflow/tfjs').Tensor} */ a) =>
    tf.sum(tf.mul(tf.mul(a, a), tf.ones([2, 2]))),
  )(tf.tensor2d([2, 2, 3, 3], [2, 2]))
  console.log(JSON.stringify({ device, gradient: [...(await gradient.data())] }))
} catch (error) {
  const { code, message } = /** @type {import('#protocol/errors.ts').EngineError} */ (error)
  console.log(JSON.stringify({ failure: `${code}: ${message}` }))
}
