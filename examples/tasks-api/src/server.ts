import { startApi, type Api } from './api/api.ts';
import { readOptions, type ApiOptions } from './api/options.ts';
import { startServices, type Services } from './services/services.ts';

/** Whoever mistypes a variable, or has no database, wants to read which one, and no stack. */
function refuse(error: unknown): never {
  console.error((error as Error).message);
  process.exit(2);
}

function options(): ApiOptions {
  try {
    return readOptions(process.env);
  } catch (error) {
    return refuse(error);
  }
}

let services: Services | undefined;
let api: Api | undefined;
let ending: Promise<void> | undefined;

/** Everything that was started ends before this process does. */
async function endAll(): Promise<void> {
  await api?.close().catch(() => undefined);
  await services?.stop();
}

function exitWith(code: number): void {
  ending ??= endAll().finally(() => process.exit(code));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => exitWith(0));

const chosen = options();
try {
  services = await startServices(process.env);
  void services.ended.then((log) => {
    if (ending !== undefined) return;
    console.error(`the database has ended:\n${log}`);
    exitWith(1);
  });
  api = await startApi(services, chosen, Number(process.env['PORT'] ?? 0));
  console.log(`PostgreSQL ${api.about['postgres']} from ${api.about['postgresFrom']}, cache: ${api.about['cache']}`);
  console.log(`listening on ${api.url}`);
} catch (error) {
  await services?.stop();
  refuse(error);
}
