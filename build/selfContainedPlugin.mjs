import { build } from 'vite'

/**
 * Vite plugin: `import program from './program.ts?alone'` gives the text of one JavaScript module that needs no other file: the
 * source and all that it imports, packages too. Programs that are written beside exported models are such texts.
 * @returns {import('vite').Plugin}
 */
export function selfContained() {
  return {
    name: 'isogloss-self-contained',
    enforce: 'pre',
    async load(id) {
      const [file, query] = id.split('?')
      if (!file || query !== 'alone') return null
      return `export default ${JSON.stringify(await moduleOf(file))}`
    },
  }
}

async function moduleOf(/** @type {string} */ file) {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      write: false,
      minify: false,
      target: 'es2022',
      rolldownOptions: {
        input: file,
        // Of a module only what is used comes along, and nothing for what it does when it is loaded.
        treeshake: { moduleSideEffects: false },
        output: { format: 'es', codeSplitting: false, comments: false },
      },
    },
  })
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []))
  const [module] = outputs
  if (outputs.length !== 1 || module?.type !== 'chunk' || module.imports.length > 0)
    throw new Error(
      `${file} cannot stand alone: it imports ${module?.type === 'chunk' ? module.imports.join(', ') : 'what is no module'}.`,
    )
  return module.code
}
