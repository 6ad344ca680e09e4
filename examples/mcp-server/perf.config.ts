import { defineConfig } from 'perfkeel';

export default defineConfig({ name: 'mcp-server' });
