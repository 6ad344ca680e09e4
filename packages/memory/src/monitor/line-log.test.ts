import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openLineLog, readLines } from './line-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'perfkeel-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a log of lines', () => {
  it('loses only a line that was torn, wherever it was torn', () => {
    const file = join(folder, 'torn.ndjson');
    const lines = [{ a: 1 }, { b: 'ü' }, { c: [1, 2] }];
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const bytes = Buffer.from(text);
    for (let cut = 0; cut <= bytes.length; cut++) {
      writeFileSync(file, bytes.subarray(0, cut));
      const { values, whole } = readLines(file);
      expect(values).toEqual(lines.slice(0, bytes.subarray(0, cut).toString().split('\n').length - 1));
      const log = openLineLog(file, whole);
      log.write({ next: cut });
      log.close();
      expect(readLines(file).values).toEqual([...values, { next: cut }]);
    }
  });

  it('drops a last line of rubbish, and refuses rubbish elsewhere', () => {
    const file = join(folder, 'rubbish.ndjson');
    writeFileSync(file, '{"a":1}\n\0\0\0\n');
    expect(readLines(file)).toEqual({ values: [{ a: 1 }], whole: 8 });
    writeFileSync(file, 'no log\n{"a":1}\n');
    expect(() => readLines(file)).toThrow(/line 1 is no JSON object/);
    writeFileSync(file, '{"a":1}\nnull\n{"b":2}\n');
    expect(() => readLines(file)).toThrow(/line 2 is no JSON object/);
    expect(() => readLines(join(folder, 'nowhere'))).toThrow(/ENOENT/);
  });

  it('begins anew when nothing is to be kept, and says when it cannot be written', () => {
    const file = join(folder, 'anew.ndjson');
    writeFileSync(file, 'old content\n');
    const log = openLineLog(file);
    log.write({ a: 1 });
    log.close();
    log.close();
    expect(readFileSync(file, 'utf8')).toBe('{"a":1}\n');
    expect(() => openLineLog(join(folder, 'no/such/folder'))).toThrow(/could not be written/);
  });
});
