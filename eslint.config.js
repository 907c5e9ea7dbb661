import svelte from 'eslint-plugin-svelte'
import tseslint from 'typescript-eslint'
import { foldersImport, layersImport } from './build/arrows.mjs'

/**
 * Beside the usual advice this file holds the arrows of the house: which layer may import which, and inside the engine which
 * folder, and of packages each layer those that its list names. A folder may import what its list names, and nothing else.
 */

const tests = ['**/*.test.ts', '**/testing/**', '**/integration/**', '**/test[A-Z]*.ts']
const typescript = [
  'src/**/*.{ts,mjs}',
  'build/**/*.ts',
  'e2e/**/*.ts',
  'bench/**/*.ts',
  'checks/**/*.ts',
  'fuzz/**/*.ts',
]

/** Files of ours: the tables of folders below judge them. */
const ours = String.raw`\.\.?/|#(?:protocol|pure|engine)/`
const fromNode = 'node:'

/**
 * @param {string} layer folder below src
 * @param {string[]} packages regular expressions for how the names may begin of the packages that a layer may import
 */
const mayImport = (layer, packages) => ({
  name: `isogloss/packages/${layer}`,
  files: [`src/${layer}/**/*.{ts,mjs}`, `src/${layer}/**/*.svelte`],
  ignores: tests,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(?!${[ours, ...packages].join('|')})`,
            message: `src/${layer} may not import this: see "Arrows" in docs/ARCHITECTURE.md.`,
          },
        ],
      },
    ],
  },
})

const enginePackages = [
  '@duckdb/node-api$',
  '@duckdb/node-bindings$',
  '@resvg/resvg-js$',
  '@tmcw/togeojson$',
  '@xmldom/xmldom$',
  'csv-parse/sync$',
  'entities$',
  'fzstd$',
  'ml-matrix$',
  'iconv-lite$',
  'polygon-clipping$',
  'proj4$',
  're2js$',
  'saxes$',
  'shpjs$',
  'stopword$',
  'yauzl$',
  'yazl$',
  'yaml$',
  'zod$',
  'd3-',
  'geojson$',
  'topojson-',
  'world-atlas/',
]
const drawing = [
  'csv-parse/browser/esm/sync$',
  'svelte',
  '@deck\\.gl/',
  '@luma\\.gl/',
  'geojson$',
  'd3-',
  'topojson-',
  'us-atlas',
  'world-atlas',
  'yaml$',
]

/** Among the layers; an entry with a slash is a folder or a file alone. */
const layerArrows = {
  protocol: [],
  pure: ['protocol'],
  engine: ['protocol', 'pure', '../package.json'],
  cli: ['protocol', 'pure', 'engine/files', '../package.json'],
  main: ['protocol', 'pure', '../package.json'],
  preload: ['protocol'],
  renderer: ['protocol', 'pure'],
}

/** Inside the engine: from what knows a place or a file to what answers a client. A model method knows no other. */
const common = ['context.ts', 'memoryAreas.ts', 'pause.ts', 'random.ts']
const belowModels = [...common, 'geo', 'files', 'corpus', 'labels', 'embeddings', 'compute']
const engineArrows = {
  geo: common,
  files: [...common, 'geo'],
  gazetteer: ['geo'],
  compute: ['files/installation.ts'],
  corpus: [...common, 'geo', 'files', 'gazetteer'],
  labels: [...common, 'geo', 'files', 'gazetteer'],
  embeddings: [...common, 'files'],
  models: [...belowModels, 'models/learning', 'models/*'],
  'models/learning': [...belowModels, 'models/method.ts'],
  'models/*': [...belowModels, 'models/method.ts', 'models/learning'],
  evaluation: [...common, 'geo'],
  regions: [...common, 'geo'],
  explorer: [...common, 'geo', 'files', 'gazetteer', 'corpus', 'labels', 'regions'],
  runs: [...belowModels, 'version.ts', 'gazetteer', 'models', 'models/learning', 'evaluation', 'regions', 'explorer'],
  host: [...common, 'version.ts', 'geo', 'files', 'gazetteer', 'corpus', 'compute', 'runs', 'regions', 'explorer'],
  '': ['host'],
}

/**
 * Inside the window: from what draws a number to what holds the window together. A view knows no other view; the files of
 * views itself say what a view is.
 */
const rendererArrows = {
  text: [],
  colours: [],
  charts: ['text', 'colours'],
  maps: ['text', 'colours', 'charts'],
  state: ['text'],
  parts: ['text', 'state'],
  prediction: ['text', 'colours', 'charts', 'maps'],
  views: ['state'],
  'views/*': ['text', 'colours', 'charts', 'maps', 'prediction', 'state', 'parts', 'views'],
  shell: ['text', 'state', 'parts', 'views', 'views/*'],
  '': ['styles', 'state', 'shell'],
}

const noTensorFlow = 'Only src/engine/compute knows TensorFlow: take loadTensorFlow and the types from #engine/compute.'
const noChance =
  'A stage repeats to the last bit: take randomness from #engine/random.ts and leave the clock to runs, host and compute.'

export default tseslint.config(
  {
    // AssemblyScript is no TypeScript: its own compiler checks it.
    ignores: [
      'out/',
      'dist/',
      'node_modules/',
      'coverage/',
      'test-results/',
      'playwright-report/',
      'demo-output/',
      '.vite/',
      'src/engine/**/assembly/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended,
  ...svelte.configs.recommended,
  {
    name: 'isogloss/everywhere',
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'prefer-const': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      // svelte-check and tsc know better.
      'no-undef': 'off',
    },
  },
  {
    name: 'isogloss/typed',
    files: typescript,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
    },
  },
  {
    name: 'isogloss/svelte',
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      // Props and what a template binds are `let`.
      'prefer-const': 'off',
      // A Map or Date that nothing draws from need not be reactive.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    name: 'isogloss/size',
    files: ['src/**/*.{ts,mjs}'],
    ignores: tests,
    rules: { 'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }] },
  },
  {
    name: 'isogloss/size/views',
    files: ['src/**/*.svelte'],
    rules: { 'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }] },
  },

  layersImport(layerArrows, tests),
  foldersImport('src/engine', engineArrows, tests),
  foldersImport('src/renderer', rendererArrows, tests),
  mayImport('protocol', ['geojson$', 'zod$']),
  mayImport('pure', ['d3-array$', 'd3-geo$', 'd3-scale$', 'geojson$', 'topojson-', 'yaml$']),
  mayImport('engine', [fromNode, ...enginePackages, '@tensorflow/']),
  mayImport('cli', [
    fromNode,
    'commander$',
    'csv-parse/',
    'geojson$',
    'topojson-specification$',
    'us-atlas/',
    'world-atlas/',
    'zod$',
  ]),
  mayImport('main', [fromNode, 'electron$', 'electron/', 'electron-store$', 'zod$']),
  mayImport('preload', ['electron$', 'electron/']),
  mayImport('renderer', drawing),
  {
    name: 'isogloss/stages-are-pure',
    files: ['src/engine/**/*.{ts,mjs}'],
    ignores: [...tests, 'src/engine/compute/**', 'src/engine/runs/**', 'src/engine/host/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: noChance },
        { object: 'Date', property: 'now', message: noChance },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: noChance },
        { selector: 'ImportExpression[source.value=/^@tensorflow/]', message: noTensorFlow },
        { selector: 'ImportDeclaration[source.value=/^@tensorflow/]', message: noTensorFlow },
      ],
    },
  },
  {
    name: 'isogloss/no-tensorflow',
    files: ['src/engine/runs/**/*.ts', 'src/engine/host/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'ImportExpression[source.value=/^@tensorflow/]', message: noTensorFlow },
        { selector: 'ImportDeclaration[source.value=/^@tensorflow/]', message: noTensorFlow },
      ],
    },
  },
  {
    name: 'isogloss/scripts',
    files: ['**/*.mjs', '**/*.js'],
    // Node's own loader for what is CommonJS.
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
)
