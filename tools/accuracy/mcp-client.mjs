/**
 * What a client of the Model Context Protocol adds to what it measures: calls per second with 16 under way over streamable
 * HTTP, by our own client and by the official ones, to the same server.
 *
 * Every client is a process of its own that stays; they take turns in rounds, in another order each time, and what is judged is
 * the median of the ratios within a round, so that other work on the machine hits both sides of a ratio. Two servers: one by
 * hand that costs little, so that the client is what is seen, and one of the official SDK, where the server has its
 * share. Bar: at least 1.5 times the official client. The last line is JSON.
 *
 *     node tools/accuracy/mcp-client.mjs               15 rounds, about 2 minutes
 *     node tools/accuracy/mcp-client.mjs --rounds 5    also --calls 800
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { pressure, printTable, root, round } from './load-support.mjs';

const { values: flags } = parseArgs({ options: { rounds: { type: 'string' }, calls: { type: 'string' } } });
const rounds = Number(flags.rounds ?? 15);
const calls = Number(flags.calls ?? 800);
const inFlight = 16;
const bar = 1.5;
const clients = ['own', 'sdk-2', 'sdk-1'];

/** Two tools that answer with a few words: what is left is the client, HTTP and the server. */
const servers = [
  { name: 'by hand', entry: 'packages/mcp/test/support/tiny-server.mjs', words: ['http', 'stateful'], tool: 'look' },
  { name: 'official SDK', entry: 'examples/mcp-server/src/server.ts', words: ['--http'], tool: 'get_next_task' },
];

const client = fileURLToPath(new URL('mcp-client-process.mjs', import.meta.url));

async function bundle(folder, entry, name) {
  const outfile = join(folder, name);
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    alias: { '@perfkeel/core': join(root, 'packages/core/src/index.ts') },
    logLevel: 'error',
  });
  return outfile;
}

async function serve(program, words, work) {
  const server = spawn(process.execPath, [program, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [line] = await once(server.stdout, 'data');
    return await work(/http:\/\/\S+/.exec(String(line))[0]);
  } finally {
    server.kill();
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  }
}

/** One client that stays: `measure` resolves with calls per second. */
async function startClient(kind, url, tool, ours) {
  // The first official client complains on stderr about its own listeners.
  const child = fork(client, [kind, url, tool, ours], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const said = async () => {
    const [message] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the client ${kind} ended with code ${code}`))),
    ]);
    return message;
  };
  await said();
  return {
    measure: async (count) => {
      const answer = said();
      child.send({ calls: count, inFlight });
      const { ok, seconds } = await answer;
      if (ok !== count) throw new Error(`${kind}: only ${ok} of ${count} calls succeeded`);
      return ok / seconds;
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

const sorted = (values) => [...values].sort((a, b) => a - b);
const median = (values) => {
  const all = sorted(values);
  return (all[(all.length - 1) >> 1] + all[all.length >> 1]) / 2;
};

/** Of the median, by order statistics: how many of the smallest and largest may be left out for 95 %. */
function interval(values) {
  const n = values.length;
  let [cut, tail, term] = [0, 0, 0.5 ** n];
  while (tail + term <= 0.025) {
    tail += term;
    cut += 1;
    term *= (n - cut + 1) / cut;
  }
  const all = sorted(values);
  return cut === 0 ? [all[0], all[n - 1]] : [all[cut - 1], all[n - cut]];
}

async function compare({ name, words, tool }, program, ours) {
  return serve(program, words, async (url) => {
    const started = [];
    try {
      for (const kind of clients) started.push(await startClient(kind, url, tool, ours));
      for (const one of started) await one.measure(calls);
      const found = [];
      for (let n = 0; n < rounds; n++) {
        const rates = [];
        for (let turn = 0; turn < clients.length; turn++) {
          const at = (n + turn) % clients.length;
          rates[at] = await started[at].measure(calls);
        }
        found.push(rates);
      }
      return summarise(name, found);
    } finally {
      for (const one of started) await one.stop();
    }
  });
}

function summarise(server, found) {
  const rates = clients.map((_, at) => round(median(found.map((each) => each[at])), 0));
  const ratios = clients.slice(1).map((_, at) => found.map((each) => each[0] / each[at + 1]));
  return {
    server,
    rates,
    ratios: ratios.map((each) => [median(each), ...interval(each)].map((value) => round(value, 2))),
  };
}

const cache = join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'mcp-client-'));
const results = [];
try {
  const ours = pathToFileURL(await bundle(folder, 'packages/mcp/src/client/connect.ts', 'own.mjs')).href;
  // Beside `src/`, so that the example finds its documents.
  const example = mkdtempSync(join(root, 'examples/mcp-server/dist-'));
  try {
    for (const server of servers) {
      const program = server.entry.endsWith('.ts')
        ? await bundle(example, server.entry, 'server.mjs')
        : join(root, server.entry);
      results.push(await compare(server, program, ours));
    }
  } finally {
    rmSync(example, { recursive: true, force: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const text = ([value, lo, hi]) => `${value} [${lo}, ${hi}]`;
printTable([
  ['server', 'own', 'client 2.4.0', 'sdk 1.32.2', 'own to client', 'own to sdk'],
  ...results.map(({ server, rates, ratios }) => [server, ...rates.map((rate) => `${rate}/s`), ...ratios.map(text)]),
]);
const kept = results.every(({ ratios }) => ratios.every(([value]) => value >= bar));
console.log(
  `\n${kept ? 'met' : 'missed'}: at least ${bar} times either; ${rounds} rounds of ${calls} calls, ${inFlight} in flight`,
);
console.log(`processor pressure at the end: ${pressure()} %`);
console.log(JSON.stringify({ bench: 'mcp-client', rounds, calls, results, kept }));
process.exitCode = kept ? 0 : 1;
