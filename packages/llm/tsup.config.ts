import { defineConfig } from 'tsup';
import { lib } from '../../tsup.base.ts';

export default defineConfig(lib());
