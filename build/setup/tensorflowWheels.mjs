export const tensorflowVersion = '2.21.0'

// The C API, the few headers that it includes, and Abseil's for its log level: 13,000 others stay out.
const headers = ['tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tsl/platform/ctstring', 'xla/tsl/c/', 'absl/']
const members = [
  'tensorflow/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2',
  ...headers.map((path) => `tensorflow/include/${path}`),
]

/**
 * What each variant is made of. Any Python version's wheel would do: only C++ libraries are taken.
 * @type {Record<string, import('./wheels.mjs').Wheel[]>}
 */
export const variants = {
  'cpu-linux-x64': [
    {
      requirement: `tensorflow-cpu==${tensorflowVersion}`,
      file: `tensorflow_cpu-${tensorflowVersion}-cp311-cp311-manylinux_2_27_x86_64.whl`,
      megabytes: 274,
      sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
      members,
    },
  ],
}
