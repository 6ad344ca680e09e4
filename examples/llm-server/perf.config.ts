import { defineConfig } from 'perfkeel';

export default defineConfig({ name: 'llm-server' });
