export const tensorflowVersion = '2.21.0'

// The C API, the few headers that it includes, and Abseil's for its log level: 13,000 others stay out.
const headers = ['tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tsl/platform/ctstring', 'xla/tsl/c/', 'absl/']
/** What its makers ask to be passed on with the libraries. */
export const licences = ['tensorflow/include/LICENSE', 'tensorflow/THIRD_PARTY_NOTICES.txt']
const members = [
  ...licences,
  'tensorflow/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2',
  ...headers.map((path) => `tensorflow/include/${path}`),
]

/**
 * What each variant is made of. Any Python version's wheel would do: only C++ libraries are taken.
 * CUDA's are the oldest that tensorflow[and-cuda] admits, so that older drivers serve too. With them TensorFlow
 * took an H200 (driver 580); no training on a GPU has been seen to its end yet (docs/scaling.md).
 * @type {Record<string, import('./wheels.mjs').Wheel[]>}
 */
export const variants = {
  'cpu-linux-x64': [
    tensorflow('tensorflow-cpu', 274, '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c'),
  ],
  'gpu-linux-x64': [
    tensorflow('tensorflow', 572, '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124'),
    nvidia('cublas', '12.5.3.2', 363, 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b'),
    nvidia('cuda-cupti', '12.5.82', 14, 'bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953'),
    nvidia('cuda-nvcc', '12.5.82', 22, 'b03e545b8e8c3ce7ebcd7fc44063180ff52ff01d064ece2127ed90a04ef12cd0'),
    nvidia('cuda-nvrtc', '12.5.82', 25, '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd'),
    nvidia('cuda-runtime', '12.5.82', 1, '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115'),
    nvidia('cudnn', '9.3.0.75', 577, '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d'),
    nvidia('cufft', '11.2.3.61', 193, '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8'),
    nvidia('curand', '10.3.6.82', 56, '2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536'),
    nvidia('cusolver', '11.6.3.83', 130, '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b'),
    nvidia('cusparse', '12.5.1.3', 218, '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752'),
    nvidia(
      'nccl',
      '2.27.7',
      323,
      'de5ba5562f08029a19cb1cd659404b18411ed0d6c90ac5f52f30bf99ad5809aa',
      '.manylinux_2_17_x86_64',
    ),
    nvidia('nvjitlink', '12.5.82', 21, 'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212'),
  ],
}

/**
 * @param {string} name
 * @param {number} megabytes
 * @param {string} sha256
 * @returns {import('./wheels.mjs').Wheel}
 */
function tensorflow(name, megabytes, sha256) {
  const file = `${name.replaceAll('-', '_')}-${tensorflowVersion}-cp311-cp311-manylinux_2_27_x86_64.whl`
  return { requirement: `${name}==${tensorflowVersion}`, file, megabytes, sha256, members }
}

/**
 * @param {string} part
 * @param {string} version
 * @param {number} megabytes
 * @param {string} sha256
 * @param {string} [secondPlatform]
 * @returns {import('./wheels.mjs').Wheel}
 */
function nvidia(part, version, megabytes, sha256, secondPlatform = '') {
  const name = `nvidia-${part}-cu12`
  const file = `${name.replaceAll('-', '_')}-${version}-py3-none-manylinux2014_x86_64${secondPlatform}.whl`
  return { requirement: `${name}==${version}`, file, megabytes, sha256, members: ['nvidia/'] }
}
