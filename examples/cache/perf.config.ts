import { defineConfig } from 'perfkeel';

export default defineConfig({});
