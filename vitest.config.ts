import { defineConfig } from 'vitest/config';

// Tests run from source: the workspace's own packages resolve to TypeScript through this condition, without a build.
const conditions = ['@perfkeel/source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'examples/*/src/**/*.test.ts',
      'tools/**/*.test.ts',
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // What tests measure is judged whatever else the machine does.
    env: { PERFKEEL_EXAMINE: '0' },
  },
});
