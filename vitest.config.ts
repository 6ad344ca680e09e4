import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

// Tests run from source: the workspace's own packages resolve to TypeScript through this condition, without a build.
const conditions = ['@perfkeel/source', 'node', 'import', 'module', 'default'];

/** Properties are tested with the same cases in every run: tools/test-support/fast-check.ts. */
const sameCases: Plugin = {
  name: 'same cases',
  enforce: 'pre',
  resolveId(source, importer) {
    const own = fileURLToPath(new URL('tools/test-support/fast-check.ts', import.meta.url));
    return source === 'fast-check' && importer !== own ? own : undefined;
  },
};

/** Tests of code that keeps nothing outside of its arguments: they may share a process, which saves loading it again. */
const pure = [
  ...['core', 'report', 'baseline', 'runner', 'memory', 'llm', 'mcp'].map(
    (name) => `packages/${name}/src/**/*.test.ts`,
  ),
  ...['latency', 'load'].map((name) => `packages/${name}/src/**/*.property.test.ts`),
  'packages/load/src/*.test.ts',
  'packages/load/src/{capacity,profile,work}/**/*.test.ts',
  'packages/load/src/concurrency/{invariants,linearizability}/**/*.test.ts',
  'packages/load/src/evidence/{*,analysis/*,exposition/*,signals/*}.test.ts',
  'packages/latency/src/{protocol/{identity,protocol},startup/**/*}.test.ts',
];

/** Tests that time something: more of them at once than processors would measure each other. */
const timed = ['latency', 'load', 'memory', 'mcp', 'llm'].flatMap((name) => [
  `packages/${name}/src/**/*.test.ts`,
  `packages/${name}/test/**/*.test.ts`,
]);

/** Whole workflows over real repositories and programs: `npm run test:system`. Continuous integration runs them, too. */
const system = [
  'packages/nx/test/**/*.test.ts',
  'packages/cli/test/{affected-command,ci-command,ci-hostile,compare-sides,one-off,other-commands,pull-requests,resume-command,run-command}.test.ts',
  'packages/runner/test/{affected,fitness,half-rounds,measure-project,sides}.test.ts',
  'packages/baseline/test/exchange/real-tools.test.ts',
  'packages/load/test/{capacity,capacity-evidence,evidence,exhaustion}.test.ts',
  'packages/report/test/browser.test.ts',
  'packages/memory/{test/{leak-cut-short,leak-explained,leak-kinds,leak-target,soak-resumes,worker-threads},src/memlab/memlab}.test.ts',
  'packages/mcp/test/{hostile-floods,probes,sdk}.test.ts',
  'packages/cli/src/{affected/choose-projects,commands/mcp}.test.ts',
  'examples/tasks-api/src/{server,nfr/suite}.test.ts',
  'tools/docs/readme-programs.test.ts',
];

const all = [
  'packages/*/src/**/*.test.ts',
  'packages/*/test/**/*.test.ts',
  'examples/*/src/**/*.test.ts',
  'tools/**/*.test.ts',
];

export default defineConfig({
  plugins: [sameCases],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Of vitest's own second, a busy machine takes more to start a thread.
    expect: { poll: { timeout: 30_000 } },
    globalSetup: 'tools/test-support/remove-source-cli.ts',
    // What tests measure is judged whatever else the machine does.
    env: { PERFKEEL_EXAMINE: '0' },
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: pure,
          exclude: ['**/node_modules/**', ...system],
          isolate: false,
          maxWorkers: 4,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // They start programs, and wait for them most of the time.
        extends: true,
        test: {
          name: 'own',
          include: all,
          exclude: ['**/node_modules/**', ...pure, ...timed, ...system],
          maxWorkers: 4,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'timed',
          include: timed,
          exclude: ['**/node_modules/**', ...pure, ...system],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          // A neighbour on the machine can spoil any one measurement: docs/decisions/0011.
          retry: 2,
        },
      },
      {
        extends: true,
        // They measure, too: once more where a neighbour took the machine in the meantime.
        test: { name: 'system', include: system, maxWorkers: 2, sequence: { groupOrder: 2 }, retry: 1 },
      },
    ],
  },
});
