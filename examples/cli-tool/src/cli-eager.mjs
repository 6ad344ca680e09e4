import { digest } from './commands/digest.mjs';
import { serve } from './commands/serve.mjs';
import { stats } from './commands/stats.mjs';
import { main } from './program.mjs';

// The same program with everything loaded at the start, for comparison.
await main({ stats: () => stats, digest: () => digest, serve: () => serve });
