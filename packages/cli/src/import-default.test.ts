import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { importDefault } from './import-default.ts';

let folder: string;
beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-config-')))));
afterEach(() => rmSync(folder, { recursive: true }));

function module(text: string): string {
  const file = join(folder, 'perf.config.mjs');
  writeFileSync(file, text);
  return file;
}
const read = (text: string, limitMs = 20_000): Promise<unknown> => {
  const file = module(text);
  return importDefault(file, file, limitMs);
};

it('hands over what a module exports', async () => {
  expect(await read("export default { include: ['a'], tolerance: { warn: '1%' } };")).toEqual({
    include: ['a'],
    tolerance: { warn: '1%' },
  });
  expect(await read('export const other = 1;')).toBe(undefined);
});

it('of this process: a variable that it sets is set', async () => {
  await read("process.env.PERFKEEL_TEST_VARIABLE = 'set'; export default {};");
  expect(process.env['PERFKEEL_TEST_VARIABLE']).toBe('set');
  delete process.env['PERFKEEL_TEST_VARIABLE'];
});

it.each([
  ['loops for ever', 'for (;;);'],
  ['waits for ever', 'setInterval(() => {}, 1000); await new Promise(() => {});'],
])('does not hang with a module that %s', async (_, text) => {
  await expect(read(text, 500)).rejects.toMatchObject({
    code: 'never-read',
    exitCode: 2,
    message: expect.stringMatching(/perf\.config\.mjs was not read to its end in 500 ms/) as string,
  });
});

it.each([
  ['throws', "\nthrow new Error('no such thing');", /perf\.config\.mjs throws: no such thing/],
  ['throws what is no error', "throw 'words';", /throws: words/],
  ['ends its process', 'process.exit(3);', /throws: it ended its process/],
  ['exports what is no data', 'export default { include: () => 1 };', /throws: .*could not be cloned/],
])('says where a module %s', async (_, text, message) => {
  await expect(read(text)).rejects.toMatchObject({
    code: 'bad-config',
    exitCode: 2,
    message: expect.stringMatching(message) as string,
  });
});

it('points at the line that threw', async () => {
  const error: unknown = await read("\nthrow new Error('no such thing');").catch((error: unknown) => error);
  expect(error).toMatchObject({ location: { file: join(folder, 'perf.config.mjs'), line: 2, column: 7 } });
});
