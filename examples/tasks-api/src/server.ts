import { startApi, type Api } from './api/api.ts';
import { readOptions, type ApiOptions } from './api/options.ts';
import { startServices, type Services } from './services/services.ts';

/** Whoever mistypes a variable wants to read which one, and no stack. */
function chosenOptions(): ApiOptions {
  try {
    return readOptions(process.env);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

const chosen = chosenOptions();
let services: Services | undefined;
let api: Api | undefined;
let ending: Promise<void> | undefined;

async function start(): Promise<void> {
  services = await startServices(process.env);
  void services.ended.then((log) => {
    const lastLines = log.trim().split('\n').slice(-5).join('\n');
    exitWith(1, `the database has ended:\n${lastLines}`);
  });
  api = await startApi(services, chosen);
}

/** Everything that was started ends before this process does; what is being started has to be there first. */
async function endAll(): Promise<void> {
  await starting.catch(() => undefined);
  await api?.close().catch(() => undefined);
  await services?.stop();
}

/** @param why is said last, behind what requests have said that failed meanwhile */
function exitWith(code: number, why?: string): void {
  ending ??= endAll().finally(() => {
    if (why !== undefined) console.error(why);
    process.exit(code);
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => exitWith(0));

const starting = start();
try {
  await starting;
  console.log(`PostgreSQL ${api!.about['postgres']} from ${api!.about['postgresFrom']}, cache: ${api!.about['cache']}`);
  console.log(`listening on ${api!.url}`);
} catch (error) {
  // Whoever ends it knows why it did not start.
  if (ending === undefined) console.error((error as Error).message);
  exitWith(2);
}
