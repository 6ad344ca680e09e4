/**
 * Runs the contract on S3 in plain Node, one line of JSON for each case: `s3-contract <conditional> <overwriting>`, the
 * endpoints of two servers. With `write` in place of the second it puts records until it is killed, and names each one that
 * is stored.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { objectLogContract, s3Log, type ObjectLog } from '@perfkeel/baseline';

const [conditional = '', overwriting = ''] = process.argv.slice(2);
const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
const open: ObjectLog[] = [];
const at = (bucket: string, folder: string, endpoint = conditional): ObjectLog => {
  const log = s3Log(`s3://${bucket}/${folder}`, { endpoint, credentials });
  open.push(log);
  return log;
};

async function race(): Promise<void> {
  const logs = Array.from({ length: 6 }, () => at('perf', 'race'));
  const bytes = (i: number): Uint8Array => new TextEncoder().encode(`${i}`);
  const outcomes = await Promise.all(logs.map((log, i) => log.put('baselines/main', bytes(i))));
  const winners = outcomes.filter((outcome) => outcome === 'created').length;
  if (winners !== 1) throw new Error(`${winners} winners`);
  const kept = new TextDecoder().decode(await logs[0]!.get('baselines/main'));
  if (kept !== `${outcomes.indexOf('created')}`) throw new Error(`kept ${kept} of ${outcomes.join(' ')}`);
}

async function noBucket(): Promise<void> {
  const log = at('nowhere', 'team');
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'nothing',
      (error: unknown) => (error as { code: string }).code,
    );
  const codes = [await codeOf(log.list('')), await codeOf(log.put('a', new Uint8Array()))].join(' ');
  if (codes !== 'store-not-readable store-not-writable') throw new Error(codes);
}

async function noAnswer(): Promise<void> {
  const silent = createServer(() => undefined);
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  const { port } = silent.address() as { port: number };
  const log = s3Log('s3://perf/team', { endpoint: `http://127.0.0.1:${port}`, credentials, timeoutMs: 50 });
  const said = await log.list('').catch((error: unknown) => (error as { code: string }).code);
  await log.close?.();
  silent.closeAllConnections();
  silent.close();
  if (said !== 'store-not-readable') throw new Error(String(said));
}

const written = (key: string): string => key.repeat(10_000);

async function writeForEver(): Promise<void> {
  const log = at('perf', 'killed');
  for (let i = 0; ; i++) {
    const key = `objects/${process.pid}-${i}`;
    await log.put(key, new TextEncoder().encode(written(key)));
    process.stdout.write(`${key}\n`);
  }
}

/** What a writer acknowledged before it was killed is there, and what is there is whole. */
async function killed(): Promise<void> {
  const program = fileURLToPath(import.meta.url);
  const writer = spawn(process.execPath, [program, conditional, 'write'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  writer.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
    if (said.split('\n').length > 3) writer.kill('SIGKILL');
  });
  await once(writer, 'close');
  const stored = said.split('\n').slice(0, -1);
  const log = at('perf', 'killed');
  const keys = await log.list('');
  const lost = stored.filter((key) => !keys.includes(key));
  if (stored.length < 3 || lost.length > 0) throw new Error(`lost ${lost.join(' ')} of ${stored.length}`);
  for (const key of keys) {
    if (new TextDecoder().decode(await log.get(key)) !== written(key)) throw new Error(`${key} is torn`);
  }
}

if (overwriting === 'write') await writeForEver();

const others = [
  { name: 'one of many processes wins', run: race },
  { name: 'no bucket', run: noBucket },
  { name: 'no answer', run: noAnswer },
  { name: 'killed while it writes', run: killed },
];

async function hold(cases: typeof objectLogContract, server: string, endpoint: string): Promise<void> {
  for (const [i, { name, run }] of cases.entries()) {
    const problem = await run(() => Promise.resolve(at('perf', `${i}`, endpoint))).then(
      () => 'kept',
      (error: unknown) => String(error),
    );
    process.stdout.write(`${JSON.stringify([server, name, problem])}\n`);
  }
}

await hold([...objectLogContract, ...others], 'conditional', conditional);
// Without conditional puts several of a race believe that they won: that is documented, and why keys say what content is.
await hold(objectLogContract, 'overwriting', overwriting);
for (const log of open) await log.close?.();
