/** The perf.config.ts of a project that has none. */
export const exampleConfig = `import { defineConfig } from 'perfkeel';

export default defineConfig({});
`;

/** A first benchmark, to be replaced by one of the project's own code. */
export const exampleBenchmark = `import { bench } from 'perfkeel';

const order = JSON.stringify({ id: 1, lines: Array.from({ length: 20 }, (_, i) => ({ sku: \`sku-\${i}\`, count: i })) });

bench('parse one order', {
  run: () => JSON.parse(order) as unknown,
  objectives: ['median < 1ms'],
});
`;
