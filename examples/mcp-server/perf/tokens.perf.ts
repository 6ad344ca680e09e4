import { tokenReduction } from 'perfkeel';
import { workflows } from './workflows.ts';
import { overPipes } from './server.ts';

// NFR-Performance-03. What the files cost was counted once and is kept: when a file changes, nothing is concluded until
// token-baseline.json is deleted and captured again.
tokenReduction('ten workflows', {
  server: overPipes,
  tags: ['NFR-Performance-03'],
  workflows,
  capture: 'perf/token-baseline.json',
  objectives: ['reduction >= 40%', 'worst-reduction > 0%'],
});
