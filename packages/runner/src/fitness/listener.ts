import { lookup } from 'node:dns/promises';
import { readdirSync, readlinkSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { readText, type ReadText } from './read-text.ts';

/**
 * The sockets that listen at a port, from /proc/net/tcp or tcp6: `sl local_address rem_address st … inode`, with the
 * port in hexadecimal behind the address, and the state 0A for listening.
 */
export function parseListeners(text: string, port: number): string[] {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === '0A' && local.endsWith(end) && inode !== undefined ? [inode] : [];
  });
}

/** Whether a url leads to this machine, under whatever name. */
export async function isLocal(url: string): Promise<boolean> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const found = await lookup(host, { all: true }).catch(() => []);
  const own = new Set(Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []));
  return found.some(({ address }) => /^(127\.|0\.0\.0\.0$|::1?$)/.test(address) || own.has(address));
}

/** What a path or a link leads to; nothing of somebody else's process, or of one that has just ended. */
function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const holds = (pid: string, sockets: ReadonlySet<string>): boolean =>
  (tried(() => readdirSync(`/proc/${pid}/fd`)) ?? []).some((fd) =>
    sockets.has(tried(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? ''),
  );

/** The processes that accept connections at a port of this machine; none where that cannot be seen. */
export function listenersAt(url: string, read: ReadText = readText): number[] {
  const { port, protocol } = new URL(url);
  const number = Number(port || (protocol === 'https:' ? 443 : 80));
  const inodes = ['tcp', 'tcp6'].flatMap((name) => parseListeners(read(`/proc/net/${name}`) ?? '', number));
  if (inodes.length === 0) return [];
  const wanted = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.filter((pid) => holds(pid, wanted)).map(Number);
}

/** Programs that only pass connections on: who answers behind them cannot be seen. */
const forwarders = /docker-proxy|rootlesskit|rootlessport|slirp4netns|pasta|gvproxy|conmon|^ssh|kubectl/;

/**
 * The processes of this machine that answer at a url: none when it leads elsewhere, and `undefined` when somebody here
 * answers and it cannot be told who.
 */
export async function answering(url: string): Promise<number[] | undefined> {
  if (!(await isLocal(url))) return [];
  const pids = listenersAt(url);
  const hidden = pids.some((pid) => forwarders.test(readText(`/proc/${pid}/comm`) ?? ''));
  return pids.length === 0 || hidden ? undefined : pids;
}
