import { defineConfig } from 'tsup';
import { lib } from '../../tsup.base.ts';

export default defineConfig(
  lib({
    entry: ['src/index.ts', 'src/plugin.ts', 'src/generators/init.ts', 'src/generators/perf.ts'],
  }),
);
