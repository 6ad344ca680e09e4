import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const example = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, example), 'utf8');

interface Baseline {
  readonly encoding: string;
  readonly workflows: Readonly<Record<string, readonly { what: string; tokens: number; hash: string }[]>>;
}

describe('perf/token-baseline.json', () => {
  const { encoding, workflows } = JSON.parse(read('perf/token-baseline.json')) as Baseline;

  it('holds ten workflows, each of which reads files', () => {
    expect(encoding).toBe('o200k_base');
    expect(Object.keys(workflows)).toHaveLength(10);
    const withoutFiles = Object.values(workflows).filter(
      (steps) => !steps.some(({ what }) => what.startsWith('file ')),
    );
    expect(withoutFiles).toEqual([]);
  });

  it('was captured from the documents as they are; delete it and run the benchmark when this fails', () => {
    const files = Object.values(workflows)
      .flat()
      .filter(({ what }) => what.startsWith('file '));
    const changed = files.filter(({ what, hash }) => {
      const text = read(what.slice('file '.length));
      return createHash('sha256').update(text).digest('hex') !== hash;
    });
    expect(changed.map(({ what }) => what)).toEqual([]);
  });
});
