import { PerfError } from '@perfkeel/core';
import { freePort, isFree } from './free-port.ts';
import type { StartupPlan } from './plan-startup.ts';
import { isPort } from './ready-condition.ts';

/** The same plan with `{port}` filled in. A port of the user's own stands, if nothing else answers there. */
export async function withPort(
  plan: StartupPlan,
  padding: Readonly<Record<string, string>>,
): Promise<{ plan: StartupPlan; port: number }> {
  const { ready } = plan;
  if ('port' in ready && ready.port.kind === 'own') await refuseTaken(ready.port.port, 'port');
  // None when it is to be filled in.
  const own = Number(plan.env['PORT'] ?? 0);
  if (isPort(own)) await refuseTaken(own, 'PORT');
  const port = isPort(own) ? own : await freePort();
  const fill = (text: string): string => text.replaceAll('{port}', String(port));
  const env = Object.fromEntries(Object.entries(plan.env).map(([name, value]) => [name, fill(value)]));
  return { plan: { ...plan, command: plan.command.map(fill), env: { ...padding, PORT: String(port), ...env } }, port };
}

async function refuseTaken(port: number, excerpt: string): Promise<void> {
  if (await isFree(port)) return;
  throw new PerfError(`something listens on port ${port} already, so that the start cannot be seen`, {
    code: 'startup-failed',
    hint: "Let a free port be chosen for each start: ready: 'port' or { http: '/path' }, no PORT in `env`, and {port} or PORT in the program.",
    excerpt,
  });
}
