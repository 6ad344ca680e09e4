import { defineConfig } from 'perfkeel';

export default defineConfig({
  name: 'backend-lab',
  // Searches that take minutes: measured only when a file is named, `npx perfkeel run perf/long/capacity.perf.ts`.
  exclude: ['perf/long/**'],
  // With LAB_SUSTAINED=8h a round takes longer than the usual five minutes.
  roundTimeout: process.env['LAB_SUSTAINED'] === undefined ? '5m' : '24h',
});
