import { defineConfig } from 'perfkeel';

export default defineConfig({
  name: 'mcp-server',
  // Up to 5 % beyond a limit passes, up to 10 % warns, and more fails. What must be zero has no tolerance.
  tolerance: { warn: '5%', fail: '10%' },
});
