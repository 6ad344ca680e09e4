import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, join, joinKinds, pass, verdictKinds, type Verdict } from './verdict.ts';

const kind = fc.constantFrom(...verdictKinds);
const verdict: fc.Arbitrary<Verdict> = fc.record(
  {
    kind,
    reasons: fc.array(fc.record({ code: fc.constantFrom('a', 'b'), message: fc.string() }), { maxLength: 2 }),
    needs: fc.constantFrom('3 more rounds', '279 more samples'),
  },
  { requiredKeys: ['kind', 'reasons'] },
);

describe('joinKinds is a lattice', () => {
  it('associative, commutative, idempotent, with pass as identity', () => {
    fc.assert(
      fc.property(kind, kind, kind, (a, b, c) => {
        expect(joinKinds(joinKinds(a, b), c)).toBe(joinKinds(a, joinKinds(b, c)));
        expect(joinKinds(a, b)).toBe(joinKinds(b, a));
        expect(joinKinds(a, a)).toBe(a);
        expect(joinKinds('pass', a)).toBe(a);
      }),
    );
  });

  it('in the order of what is worse', () => {
    expect([...verdictKinds].sort((a, b) => (joinKinds(a, b) === b ? -1 : 1))).toEqual([
      'pass',
      'warn',
      'inconclusive',
      'fail',
      'could-not-measure',
    ]);
  });
});

describe('join', () => {
  it('may be taken in any grouping', () => {
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 1 }), fc.array(verdict, { minLength: 1 }), (a, b) => {
        expect(join([join(a), join(b)])).toEqual(join([...a, ...b]));
      }),
    );
  });

  it('keeps the reasons of the worst and drops the others', () => {
    const late: Verdict = { kind: 'fail', reasons: [{ code: 'late', message: 'too late' }] };
    const large: Verdict = { kind: 'fail', reasons: [{ code: 'large', message: 'too large' }] };
    const odd: Verdict = { kind: 'warn', reasons: [{ code: 'odd', message: 'odd' }], needs: 'more' };
    expect(join([late, odd, pass, large])).toEqual({ kind: 'fail', reasons: [...late.reasons, ...large.reasons] });
  });

  it('says what would decide, each thing once', () => {
    const needing = (needs: string): Verdict => ({ kind: 'inconclusive', reasons: [], needs });
    expect(join([needing('3 more rounds'), needing('9 more samples'), needing('3 more rounds')]).needs).toBe(
      '3 more rounds; 9 more samples',
    );
  });

  it('of nothing is never a pass', () => {
    expect(join([])).toMatchObject({ kind: 'could-not-measure', reasons: [{ code: 'nothing-ran' }] });
  });
});

describe('exitCodeOf', () => {
  it.each([
    ['pass', 0, 0],
    ['warn', 0, 1],
    ['inconclusive', 3, 1],
    ['fail', 1, 1],
    ['could-not-measure', 4, 4],
  ] as const)('%s: %d, and %d when strict', (kind, code, strict) => {
    expect([exitCodeOf(kind), exitCodeOf(kind, true)]).toEqual([code, strict]);
  });
});
