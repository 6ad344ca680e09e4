import type { Options } from 'tsup';

/** JavaScript only: declarations come from `tsc --build`, once for the whole workspace. */
export const lib = (options: Options = {}): Options => ({
  entry: ['src/index.ts'],
  format: ['esm'],
  dts: false,
  // tsc keeps its build info in dist: cleaning here would make it skip writing declarations.
  clean: ['dist/**/*.js', 'dist/**/*.js.map'],
  sourcemap: true,
  target: 'node20',
  platform: 'node',
  ...options,
});
