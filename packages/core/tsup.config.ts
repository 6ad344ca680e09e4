import { defineConfig } from 'tsup';
import { lib } from '../../tsup.base.ts';

export default defineConfig(lib({ entry: ['src/index.ts', 'src/hdr.ts', 'src/schema.ts', 'src/testing.ts'] }));
