/** Runs the contract on S3 in plain Node, one line of JSON for each case: `s3-contract <endpoint> <prefix>`. */
import { objectLogContract, s3Log, type ObjectLog } from '@perfkeel/baseline';

const [endpoint = '', prefix = ''] = process.argv.slice(2);
const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
const open: ObjectLog[] = [];
const at = (bucket: string, folder: string): ObjectLog => {
  const log = s3Log(`s3://${bucket}/${folder}`, { endpoint, credentials });
  open.push(log);
  return log;
};

async function race(): Promise<void> {
  const logs = Array.from({ length: 6 }, () => at('perf', `${prefix}/race`));
  const bytes = (i: number): Uint8Array => new TextEncoder().encode(`${i}`);
  const outcomes = await Promise.all(logs.map((log, i) => log.put('baselines/main', bytes(i))));
  const winners = outcomes.filter((outcome) => outcome === 'created').length;
  if (winners !== 1) throw new Error(`${winners} winners`);
  const kept = new TextDecoder().decode(await logs[0]!.get('baselines/main'));
  if (kept !== `${outcomes.indexOf('created')}`) throw new Error(`kept ${kept} of ${outcomes.join(' ')}`);
}

async function noBucket(): Promise<void> {
  const log = at('nowhere', prefix);
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'nothing',
      (error: unknown) => (error as { code: string }).code,
    );
  const codes = [await codeOf(log.list('')), await codeOf(log.put('a', new Uint8Array()))].join(' ');
  if (codes !== 'store-not-readable store-not-writable') throw new Error(codes);
}

const cases = [
  ...objectLogContract,
  { name: 'one of many processes wins', run: race },
  { name: 'no bucket', run: noBucket },
];
for (const [i, { name, run }] of cases.entries()) {
  const problem = await run(() => Promise.resolve(at('perf', `${prefix}/${i}`))).then(
    () => 'kept',
    (error: unknown) => String(error),
  );
  process.stdout.write(`${JSON.stringify([name, problem])}\n`);
}
for (const log of open) await log.close?.();
