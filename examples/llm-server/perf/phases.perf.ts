import { llm } from 'perfkeel';
import { assistant, forgetful, models } from './server.ts';

const common = { target: assistant, models, maxTokens: 24, rounds: 3 } as const;

// Alone with one model: what an answer takes and needs, and whether a conversation is still known at its end.
llm('baseline', {
  ...common,
  phases: ['baseline'],
  objectives: [
    'rss < 14GB',
    'p95 < 1s',
    'p95 of ttft < 500ms',
    'p95 of tpot < 50ms',
    'context-preservation > 95%',
    'errors < 1%',
  ],
});

// From one model to the other and back in the middle of conversations.
llm('cross-model', {
  ...common,
  phases: ['cross-model'],
  objectives: ['p95 of switch-time < 2s', 'context-accuracy > 90%', 'memory-growth < 100MB', 'errors < 5%'],
});

// Ten requests at once.
llm('stability', {
  ...common,
  phases: ['stability'],
  inFlight: 10,
  goodput: { ttft: '500ms', tpot: '50ms' },
  objectives: ['stability > 99%', 'errors < 1%', 'p95 of loaded-ttft < 1s', 'goodput > 10/s'],
});

// A window that forgets must be found out.
llm('a window that is too small', {
  ...common,
  target: forgetful,
  phases: ['baseline'],
  samples: 1,
  context: { facts: 20, turns: [0, 8] },
  rounds: 1,
  objectives: ['context-preservation > 95%'],
  expected: 'fail',
});
