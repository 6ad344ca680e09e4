import type { Launched } from './launch.ts';
import { processAccount, processTree, type ProcessAccount } from './process-tree.ts';
import { splitCpu, type Usage } from './usage.ts';

/**
 * What a program and all that it has started have taken so far: to the nanosecond with the lean launcher; without it as of
 * each thread's last turn on a processor, which is some milliseconds behind for one that runs. Of descendants that have
 * ended it counts only those that their parents have waited for, to 10 ms. Nothing outside Linux.
 *
 * User and system time are known in steps of 10 ms.
 */
export async function usageNow({ begun, ended, cpuTime: ask }: Launched): Promise<Usage> {
  const beginning = await begun;
  if (process.platform !== 'linux' || beginning === undefined) return {};
  const tree = processTree(beginning.pid);
  const exact = await ask(tree);
  const accounts = tree.flatMap((pid) => processAccount(pid) ?? []);
  const ending = await Promise.race([ended, Promise.resolve(undefined)]);
  // It was ready and ended at once: then its whole life is known.
  if (ending?.usage !== undefined) return ending.usage;
  const total = (key: keyof ProcessAccount): number => accounts.reduce((sum, account) => sum + account[key], 0);
  const [user, system, waitedFor] = [total('user'), total('system'), total('childUser') + total('childSystem')];
  const living = exact ?? Math.max(total('threadTime'), user + system);
  const cpuTime = Math.max(0, living + waitedFor - beginning.spawnCpu);
  const maxRss = Math.max(0, ...accounts.map((account) => account.maxRss));
  const split = splitCpu(cpuTime, user + total('childUser'), system + total('childSystem'), true);
  return accounts.length === 0 ? {} : { ...split, ...(maxRss > 0 ? { maxRss } : {}) };
}
