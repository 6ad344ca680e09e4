import { createApp } from './app.ts';

const app = createApp();
const url = await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT'] ?? 0) });
console.log(`listening on ${url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void app.close().then(() => process.exit(0)));
}
