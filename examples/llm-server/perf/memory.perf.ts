import { leak } from 'perfkeel';
import { assistant, models } from './server.ts';

/** Asks for one token: what costs is the model that has to be loaded for it. */
const ask = async (url: string, model: string): Promise<void> => {
  const body = JSON.stringify({ model, max_tokens: 1, messages: [{ role: 'user', content: 'Go on.' }] });
  const answer = await fetch(new URL('/v1/chat/completions', url), { method: 'POST', body });
  await answer.text();
};

// A model that is let go must be gone: the heap of the server is read behind collections, switch by switch.
leak('models come and go', {
  target: assistant,
  setup: (target) => target!.url,
  cycle: async (url: string) => {
    for (const model of models) await ask(url, model);
  },
  duration: '15s',
  cleanUp: '1s',
  snapshots: 'on-failure',
  project: { 'two thousand switches': 1000 },
  objectives: ['projected < 100MB', 'growth < 100KB/op', 'rss < 14GB'],
});
