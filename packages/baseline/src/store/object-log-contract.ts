import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import type { ObjectLog } from './object-log.ts';

/** One promise of `ObjectLog`, as a test that any framework can run: it throws when the promise is broken. */
export interface ContractCase {
  readonly name: string;
  /** @param open gives a new, empty log */
  readonly run: (open: () => Promise<ObjectLog>) => Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (record: Uint8Array | undefined): string | undefined => record && new TextDecoder().decode(record);

/** Keys that no log may accept: ways out, other systems' ways out, and names that collide somewhere. */
export const hostileKeys: readonly string[] = [
  '',
  '.',
  '..',
  '../a',
  'a/../b',
  'a/..',
  './a',
  '/etc/passwd',
  'a//b',
  'a/',
  'C:/a',
  'c:a',
  'a\\b',
  '..\\a',
  'a\0b',
  'a\nb',
  'A',
  'ä',
  'a b',
  'a%2fb',
  '~',
  '.hidden',
  'a.',
  'con',
  'aux.json',
  'a/nul/b',
  'x'.repeat(300),
  'a/'.repeat(20) + 'a',
];

async function writesOnce(open: () => Promise<ObjectLog>): Promise<void> {
  const log = await open();
  strictEqual(await log.put('objects/ab/one.json', bytes('first')), 'created');
  strictEqual(await log.put('objects/ab/one.json', bytes('second')), 'exists');
  strictEqual(text(await log.get('objects/ab/one.json')), 'first');
}

async function missesPolitely(open: () => Promise<ObjectLog>): Promise<void> {
  const log = await open();
  strictEqual(await log.get('objects/none.json'), undefined);
  deepStrictEqual(await log.list(''), []);
  deepStrictEqual(await log.list('objects/'), []);
  strictEqual(await log.setAside('objects/none.json'), undefined);
  await log.put('objects/ab/one.json', bytes('1'));
  strictEqual(await log.get('objects/ab'), undefined);
}

async function listsByPrefix(open: () => Promise<ObjectLog>): Promise<void> {
  const log = await open();
  await Promise.all(['b/two', 'a/one', 'b/one', 'bc/one'].map((key) => log.put(key, bytes(key))));
  deepStrictEqual(await log.list(''), ['a/one', 'b/one', 'b/two', 'bc/one']);
  deepStrictEqual(await log.list('b/'), ['b/one', 'b/two']);
}

async function keepsEveryByte(open: () => Promise<ObjectLog>): Promise<void> {
  const log = await open();
  const all = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);
  await Promise.all([log.put('all', all), log.put('empty', new Uint8Array())]);
  deepStrictEqual(Buffer.from((await log.get('all'))!), Buffer.from(all));
  strictEqual((await log.get('empty'))?.length, 0);
}

async function keepsItsOwnCopy(open: () => Promise<ObjectLog>): Promise<void> {
  const log = await open();
  const mine = bytes('abc');
  await log.put('copy', mine);
  mine[0] = 0;
  const given = (await log.get('copy'))!;
  given[1] = 0;
  strictEqual(text(await log.get('copy')), 'abc');
}

async function oneWriterWins(open: () => Promise<ObjectLog>): Promise<void> {
  const log = await open();
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) => log.put('races/one', bytes(`writer ${i}`))));
  deepStrictEqual([...outcomes].sort(), ['created', ...outcomes.slice(1).map(() => 'exists')]);
  strictEqual(text(await log.get('races/one')), `writer ${outcomes.indexOf('created')}`);
  deepStrictEqual(await log.list(''), ['races/one']);
}

async function setsAside(open: () => Promise<ObjectLog>): Promise<void> {
  const log = await open();
  await Promise.all([log.put('objects/bad', bytes('bad')), log.put('objects/good', bytes('good'))]);
  strictEqual(typeof (await log.setAside('objects/bad')), 'string');
  deepStrictEqual(await log.list(''), ['objects/good']);
  strictEqual(await log.get('objects/bad'), undefined);
  strictEqual(await log.put('objects/bad', bytes('better')), 'created');
}

async function removes(open: () => Promise<ObjectLog>): Promise<void> {
  const log = await open();
  await Promise.all([log.put('objects/ab/one', bytes('1')), log.put('objects/ab/two', bytes('2'))]);
  strictEqual(await log.remove('objects/ab/one'), true);
  strictEqual(await log.remove('objects/ab/one'), false);
  strictEqual(await log.remove('objects/ab'), false);
  strictEqual(await log.get('objects/ab/one'), undefined);
  deepStrictEqual(await log.list(''), ['objects/ab/two']);
  strictEqual(await log.put('objects/ab/one', bytes('again')), 'created');
  strictEqual(text(await log.get('objects/ab/one')), 'again');
}

async function isOneForAll(open: () => Promise<ObjectLog>): Promise<void> {
  const log = await open();
  const keys = Array.from({ length: 12 }, (_, i) => `objects/${i}..lock/${'ab'.repeat(32)}.lock`);
  deepStrictEqual(
    await Promise.all(keys.map((key) => log.put(key, bytes(key)))),
    keys.map(() => 'created'),
  );
  deepStrictEqual((await Promise.all(keys.map((key) => log.get(key)))).map(text), keys);
  deepStrictEqual(await log.list('objects/'), [...keys].sort());
}

async function refusesHostileKeys(open: () => Promise<ObjectLog>): Promise<void> {
  const log = await open();
  for (const key of hostileKeys) {
    await rejects(log.put(key, bytes('x')), { code: 'bad-key' }, `put ${JSON.stringify(key)}`);
    await rejects(log.get(key), { code: 'bad-key' }, `get ${JSON.stringify(key)}`);
    await rejects(log.remove(key), { code: 'bad-key' }, `remove ${JSON.stringify(key)}`);
  }
  deepStrictEqual(await log.list(''), []);
}

/**
 * Everything that `ObjectLog` promises. Every adapter passes all of it.
 *
 * @example
 * it.each(objectLogContract)('$name', ({ run }) => run(async () => folderLog(await newFolder())));
 */
export const objectLogContract: readonly ContractCase[] = [
  { name: 'writes a key once', run: writesOnce },
  { name: 'says when there is nothing', run: missesPolitely },
  { name: 'lists by prefix, in order', run: listsByPrefix },
  { name: 'keeps every byte', run: keepsEveryByte },
  { name: 'keeps its own copy', run: keepsItsOwnCopy },
  { name: 'lets one of many writers win', run: oneWriterWins },
  { name: 'sets records aside', run: setsAside },
  { name: 'removes records', run: removes },
  { name: 'takes many at once, under any name that is a key', run: isOneForAll },
  { name: 'refuses hostile keys', run: refusesHostileKeys },
];
