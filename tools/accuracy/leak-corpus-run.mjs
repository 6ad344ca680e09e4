/** One run of one program of the leak corpus, in a process of its own: prints what it measured as JSON. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { attachTo, detectLeak } from '@perfkeel/memory';
import { measureGrowth } from '../../packages/memory/src/detect-leak.ts';
import { httpWork } from '../../packages/memory/src/http-work.ts';
import { planLeak } from '../../packages/memory/src/leak-plan.ts';
import { probeOf } from '../../packages/memory/src/probe.ts';
import { betweenBy } from './leak-programs/between.mjs';
import { clean } from './leak-programs/clean.mjs';
import { containers, truthOf } from './leak-programs/containers.mjs';
import { leakOf, leaking } from './leak-programs/leaking.mjs';
import { cleanServers } from './leak-programs/servers.mjs';

const [group, name, duration, seed, servers] = process.argv.slice(2);
const clients = 10;
/** Below this many bytes per iteration one asks for fine answers. */
const finest = 1;
const bytes = Number(name);
const smallest = bytes <= finest ? 0.25 : 1;

const between = betweenBy(Number(seed));
const makers = {
  clean: () => clean[name](between),
  leaking: () => leaking[name].make(),
  sizes: () => leakOf(bytes),
  smallest: () => leakOf(bytes),
  containers: () => containers[name](),
};

const inProcess = () => detectLeak({ setup: makers[group], iterate: (cycle) => cycle(), duration, smallest });

/** As a declaration with `request` does it: a server by itself, attached to while it runs. */
async function ofServer() {
  // The same draws as the server's own.
  cleanServers[name]?.(between);
  const server = spawn(process.execPath, ['--inspect-port=0', servers, name, seed], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Whoever is ended early takes it along.
  process.once('SIGTERM', () => process.exit(143)).once('SIGINT', () => process.exit(130));
  process.once('exit', () => server.kill('SIGKILL'));
  const [said] = await once(server.stdout, 'data');
  const target = await attachTo({ pid: server.pid });
  const http = httpWork(`http://127.0.0.1:${Number(/port (\d+)/.exec(String(said))[1])}`, {}, clients, false);
  try {
    const options = { duration, smallest };
    const plan = planLeak({ ...options, iterate: http.run });
    return await measureGrowth({ work: http.run, options, plan, probe: probeOf(target), began: performance.now() });
  } finally {
    http.close();
    await target.close();
    if (server.kill('SIGKILL')) await once(server, 'exit');
  }
}

const report = await (group.endsWith('servers') ? ofServer() : inProcess());
const truth = group === 'containers' ? truthOf(containers[name], between) : undefined;
const { samples, verdict, reason, perIteration, resolution, warmUpIterations, startedAt } = report;
const rest = { verdict, reason, perIteration, resolution, warmUpIterations, startedAt };
const columns = {
  iterations: samples.map(({ iterations }) => iterations),
  heap: samples.map(({ heap }) => heap),
  external: samples.map(({ external }) => external),
  rss: samples.map(({ rss }) => rss),
  // Of programs with worker threads.
  ...(samples.some(({ threads }) => threads !== undefined) && {
    threads: samples.map(({ threads }) => threads ?? null),
    silentThreads: samples.map(({ silentThreads }) => silentThreads ?? 0),
  }),
};
process.stdout.write(JSON.stringify({ ...columns, ...rest, truth, bound: between.largest, smallest }), () =>
  process.exit(0),
);
