import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { said } from '../../test/support/said.ts';

let folder: string;

const program = `
const { writeHeapSnapshot } = require('node:v8');
class Order { constructor(i) { this.i = i; } }
const orders = new Map();
let i = 0;
const work = () => { for (const end = i + 200; i < end; i++) orders.set(i, new Order(i)); };
work();
for (const name of ['a', 'b', 'c']) { work(); writeHeapSnapshot(name + '.heapsnapshot'); }
globalThis.all = () => orders;
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perfkeel-heap-cli-'));
  await writeFile(join(folder, 'app.cjs'), program);
  await promisify(execFile)(process.execPath, ['app.cjs'], { cwd: folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const perfkeel = (...args: string[]) => said(args, folder);

const files = ['a', 'b', 'c'].map((name) => `${name}.heapsnapshot`);

it('heap diff names what grows, with a rate and a remedy', async () => {
  const { code, stdout } = await perfkeel('heap', 'diff', ...files, '--iterations', '200');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Map \(orders\), kept by module .*app\.cjs: \+1 Order, \d+(\.\d+)? B per iteration$/m);
  expect(stdout).toMatch(/^ {2}remedy {4}Give it a bound/m);
});

it('heap diff of two, without a count, tells the growth of the interval; as JSON too', async () => {
  const { stdout } = await perfkeel('heap', 'diff', ...files.slice(0, 2), '--json');
  const [first] = JSON.parse(stdout) as { sentence: string; at: string; objectsPerIteration: number }[];
  expect(first).toMatchObject({ at: 'orders', objectsPerIteration: 200 });
  expect(first!.sentence).toMatch(/\+200 Order, \S+ KB per interval$/);
});

it('heap top lists classes and what keeps most', async () => {
  const { code, stdout } = await perfkeel('heap', 'top', 'c.heapsnapshot');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\S+ MB in [\d ]+ objects$/m);
  expect(stdout).toMatch(/^retained +own +count +class$/m);
  expect(stdout).toMatch(/ @\d+ +Map · orders · module .*app\.cjs$/m);
  const { stdout: json } = await perfkeel('heap', 'top', 'c.heapsnapshot', '--json');
  const { classes } = JSON.parse(json) as { classes: { name: string; count: number }[] };
  expect(classes.length).toBe(15);
});

it.each([
  ['a file that is missing', 4, ['heap', 'top', 'none.heapsnapshot'], 'there is no snapshot'],
  ['a foreign file', 4, ['heap', 'top', 'app.cjs'], 'app.cjs is not a heap snapshot'],
  ['another order', 2, ['heap', 'diff', 'b.heapsnapshot', 'a.heapsnapshot'], 'not a later one of the process'],
  ['a wrong count', 2, ['heap', 'diff', ...files, '--iterations', '-1'], '--iterations'],
  ['one file', 2, ['heap', 'diff', 'a.heapsnapshot'], "missing required argument 'second'"],
])('refuses %s', async (_, expected, args, message) => {
  const { code, stdout, stderr } = await perfkeel(...args);
  expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
  expect(stderr).toContain(message);
});
