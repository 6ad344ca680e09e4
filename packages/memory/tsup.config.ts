import { defineConfig } from 'tsup';
import { lib } from '../../tsup.base.ts';

export default defineConfig(lib({ entry: { index: 'src/index.ts', 'memlab/index': 'src/memlab/index.ts' } }));
