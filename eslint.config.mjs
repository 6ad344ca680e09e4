import tseslint from 'typescript-eslint';

// `git ls-files` decides what is ours; everything here is generated or belongs to a tool.
const ignores = [
  '**/node_modules/**',
  '**/dist/**',
  '**/.nx/**',
  '**/.perf/**',
  '**/.from-source*/**',
  '**/coverage/**',
  '**/fixtures/**',
];

/** core is pure: clocks, randomness and input or output are arguments. */
const purity = {
  files: ['packages/core/src/**/*.ts'],
  ignores: ['**/*.test.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [{ regex: '^node:', message: 'core is pure: take what you need as an argument.' }] },
    ],
    'no-restricted-globals': [
      'error',
      { name: 'Date', message: 'core is pure: take a Clock.' },
      { name: 'performance', message: 'core is pure: take a Clock.' },
      { name: 'process', message: 'core is pure: take what you need as an argument.' },
      { name: 'setTimeout', message: 'core is pure.' },
      { name: 'setInterval', message: 'core is pure.' },
    ],
    'no-restricted-properties': [
      'error',
      { object: 'Math', property: 'random', message: 'Take an Rng: every plan can be repeated.' },
    ],
  },
};

export default tseslint.config(
  { ignores },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: ['./tsconfig.tests.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // `import { type X }` alone would stay as an import of the whole module at run time.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': 'off',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 60 }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  purity,
  { files: ['packages/cli/src/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.test.ts', '**/test/**/*.ts', 'tools/**', 'examples/**', '**/perf/**'],
    rules: { 'max-lines-per-function': 'off', 'no-console': 'off' },
  },
  { files: ['**/*.mjs', '**/*.js'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { parserOptions: { project: null, program: null } },
    rules: { ...tseslint.configs.disableTypeChecked.rules, 'no-console': 'off', 'max-lines-per-function': 'off' },
  },
);
