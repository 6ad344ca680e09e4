import { defineConfig } from 'perfkeel';

export default defineConfig({ compare: { against: 'baselines/main.json' } });
