import { defineConfig } from 'vitest/config';

// Tests run from source: the workspace's own packages resolve to TypeScript through this condition, without a build.
const conditions = ['@perfkeel/source', 'node', 'import', 'module', 'default'];

/** Tests of code that keeps nothing outside of its arguments: they may share a process, which saves loading it again. */
const pure = ['core', 'report', 'baseline', 'runner', 'memory'].map((name) => `packages/${name}/src/**/*.test.ts`);

const all = [
  'packages/*/src/**/*.test.ts',
  'packages/*/test/**/*.test.ts',
  'examples/*/src/**/*.test.ts',
  'tools/**/*.test.ts',
];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    globalSetup: 'tools/test-support/remove-source-cli.ts',
    // What tests measure is judged whatever else the machine does.
    env: { PERFKEEL_EXAMINE: '0' },
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      { extends: true, test: { name: 'own', include: all, exclude: ['**/node_modules/**', ...pure] } },
    ],
  },
});
