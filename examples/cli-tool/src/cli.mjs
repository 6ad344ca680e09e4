import { main } from './program.mjs';

// Each command is loaded when it is asked for: `--version` pays for none of them.
await main({
  stats: async () => (await import('./commands/stats.mjs')).stats,
  digest: async () => (await import('./commands/digest.mjs')).digest,
  serve: async () => (await import('./commands/serve.mjs')).serve,
});
