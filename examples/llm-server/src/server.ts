import { serve } from './serve.ts';

/** A number of the environment, or its default. */
const setting = (name: string, usual: number): number => Number(process.env[name] ?? usual);

const { url } = await serve({
  port: setting('PORT', 0),
  window: setting('CONTEXT_TOKENS', 2048),
  pace: setting('TOKEN_MS', 1),
});
console.log(`listening on ${url}`);
