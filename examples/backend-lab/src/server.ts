import { fileURLToPath } from 'node:url';
import { startBackends } from './backends.ts';
import { startBalancer } from './balancer.ts';
import { startLab } from './lab.ts';
import { parseOptions, type LabOptions } from './lab-options.ts';

const argv = process.argv.slice(2);
const options = readOptions();
const port = Number(process.env['PORT'] ?? 0);

/** Whoever mistypes a flag wants to read which one, and no stack. */
function readOptions(): LabOptions {
  try {
    return parseOptions(argv);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

async function startMany(): Promise<{ url: string; close(): Promise<void> }> {
  const backends = await startBackends(fileURLToPath(import.meta.url), options.backends, [...argv, '--backends', '0']);
  const balancer = await startBalancer(backends.urls, port);
  const close = (): Promise<void> => {
    backends.close();
    return balancer.close();
  };
  return { url: balancer.url, close };
}

const server = options.backends === 0 ? await startLab(options, port) : await startMany();
process.send?.({ url: server.url });
console.log(`listening on ${server.url}`);

const stop = (): void => void server.close().then(() => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
// A backend does not outlive whoever started it.
process.once('disconnect', stop);
