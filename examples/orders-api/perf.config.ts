import { defineConfig } from 'perfkeel';

export default defineConfig({ name: 'orders-api' });
