/**
 * npm and pip take a proxy from the environment or from their own configuration, and a mirror from that; Electron's
 * downloader takes neither, but a proxy where ELECTRON_GET_USE_PROXY is set, and a mirror from ELECTRON_MIRROR.
 */

/** In the order in which they are believed; npm hands its own configuration on as the last two. */
const proxyNames = [
  'HTTPS_PROXY',
  'https_proxy',
  'ALL_PROXY',
  'all_proxy',
  'npm_config_https_proxy',
  'npm_config_proxy',
]

const proxyOf = (/** @type {NodeJS.ProcessEnv} */ env) =>
  proxyNames.map((name) => env[name]).find((value) => value && /^(https?:\/\/|[^:/]+(:\d+)?$)/.test(value))

/**
 * What Electron's downloader is given beside the environment, so that it uses the proxy that all others use.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function electronDownloadEnvironment(env) {
  const proxy = proxyOf(env)
  if (!proxy || env.ELECTRON_GET_USE_PROXY) return {}
  return { ELECTRON_GET_USE_PROXY: '1', HTTPS_PROXY: proxy.includes('://') ? proxy : `http://${proxy}` }
}

/**
 * How a download was tried, and what else there is to try. A proxy's name may hold a password: it is not repeated.
 * @param {NodeJS.ProcessEnv} env
 */
export function downloadAdvice(env) {
  const mirror = env.ELECTRON_MIRROR || env.npm_config_electron_mirror
  const how = [
    proxyOf(env) ? 'through the proxy that the environment or npm names' : 'without a proxy',
    mirror ? `from the mirror ${withoutPassword(mirror)}` : 'from its makers',
  ].join(', ')
  const next = [
    ...(proxyOf(env) ? [] : ['behind a proxy, set HTTPS_PROXY=http://HOST:PORT']),
    mirror ? 'see that the mirror holds this version' : 'with a mirror, set ELECTRON_MIRROR=https://HOST/FOLDER/',
  ].join('; ')
  return `It was tried ${how}. What helps: ${next}; then run "npm run setup" again.`
}

const withoutPassword = (/** @type {string} */ address) => address.replace(/\/\/[^/@]*@/, '//')
