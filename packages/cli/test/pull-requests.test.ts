import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComparisonReport } from '@perfkeel/core';
import { runCli } from '../../../tools/test-support/source-cli.ts';
import { createShopRepository, type PullRequest, type ShopRepository } from './shop-repository.ts';

let shop: ShopRepository;
beforeAll(() => {
  // Much slower and little measured: `tools/accuracy/comparison-pull-requests.mjs` does the same with 12 %.
  shop = createShopRepository(fileURLToPath(new URL('../../../node_modules', import.meta.url)), 0.5, '10ms');
}, 60_000);
afterAll(() => shop.remove());

interface Reported {
  readonly code: number | null;
  readonly stderr: string;
  readonly comparison: ComparisonReport;
  /** What each benchmark came to. */
  readonly decisions: Record<string, string>;
  readonly markdown: string;
}

async function compare(pullRequest: PullRequest): Promise<Reported> {
  shop.checkout(pullRequest);
  const words = ['compare', '--against', 'main', '--json', '--rounds', '12'];
  const { code, stdout, stderr } = await runCli(words, shop.root, { TMPDIR: shop.temporary });
  const { comparison } = JSON.parse(stdout) as { comparison: ComparisonReport };
  expect(readdirSync(shop.temporary)).toEqual([]);
  return {
    ...{ code, stderr, comparison },
    decisions: Object.fromEntries(comparison.comparisons.map(({ benchmark, decision }) => [benchmark, decision])),
    markdown: readFileSync(join(shop.root, '.perf/latest/report.md'), 'utf8'),
  };
}

/** Up to 96 fresh processes, on a machine that may be busy. */
describe('pull requests to a repository of three packages', { timeout: 120_000 }, () => {
  it('one that slows a function fails, with this function alone', async () => {
    const { code, comparison, decisions, markdown } = await compare('slower');
    expect(decisions).toEqual({ total: 'regressed', shout: 'identical', order: 'identical' });
    const { effect } = comparison.comparisons.find(({ benchmark }) => benchmark === 'total')!;
    expect(effect!.value).toBeGreaterThan(0.3);
    expect(effect!.value).toBeLessThan(0.8);
    expect(comparison.verdict.kind).toBe('fail');
    expect(code).toBe(1);
    expect(markdown).toMatch(/^### ❌ FAIL shop[\s\S]*3 compared: 1 regressed[\s\S]*total p10[\s\S]*▲ slower/);
    expect(markdown).toMatch(/2 identical: the same code on both sides \((order, shout|shout, order)\)/);
  });

  it('one that only touches docs measures nothing and says so', async () => {
    const { code, decisions, stderr, markdown } = await compare('docs');
    expect(decisions).toEqual({ total: 'identical', shout: 'identical', order: 'identical' });
    expect(stderr).not.toMatch(/round/);
    expect(code).toBe(0);
    expect(markdown).toMatch(
      /^### ✅ PASS shop: no action needed\n\n3 compared, identical · nothing had to be measured/,
    );
  });

  it('one that bumps a dev dependency installs that of base, and nothing changed', async () => {
    const { code, decisions, stderr } = await compare('dev-dependency');
    expect(stderr).toMatch(/packages of base installed/);
    expect(decisions).toEqual({ total: 'identical', shout: 'identical', order: 'identical' });
    expect(code).toBe(0);
  });

  it('one that makes a function faster says that, and fails nobody', async () => {
    const { code, comparison, decisions, markdown } = await compare('faster');
    expect(decisions).toEqual({ total: 'identical', shout: 'improved', order: 'identical' });
    expect(comparison.verdict.kind).toBe('pass');
    expect(code).toBe(0);
    expect(markdown).toMatch(/^### ✅ PASS shop[\s\S]*3 compared: 1 improved[\s\S]*shout p10[\s\S]*▼ faster/);
  });
});
