import { z } from 'zod';
import { units } from '../units.ts';
import { joinKinds, type VerdictKind } from '../verdict.ts';
import { count, jsonNumber } from './json-number.ts';
import { estimateSchema, warningSchema } from './measurement-schema.ts';
import { verdictSchema } from './run-schema.ts';

const rounds = z.array(jsonNumber);
const share = z.number().min(0);

const oneComparisonSchema = z.object({
  benchmark: z.string(),
  metric: z.string(),
  unit: z.enum(units),
  statistic: z.string(),
  base: rounds,
  head: rounds,
  effect: estimateSchema.optional(),
  screening: z.object({ base: rounds, head: rounds, effect: estimateSchema }).optional(),
  limits: z.object({ warn: share, fail: share }).optional(),
  decision: z.enum(['regressed', 'accepted', 'improved', 'unchanged', 'identical', 'inconclusive']),
  verdict: verdictSchema,
});

const sideSchema = z.object({
  id: z.string(),
  label: z.string(),
  sha: z.string().optional(),
  why: z.string().optional(),
  rule: z.string().optional(),
  passedOver: z.array(z.string()).optional(),
});

interface WithVerdict {
  readonly verdict: { readonly kind: VerdictKind };
}

/** A summary that is better than what it sums up would hide it. */
const isSummary = ({ verdict, comparisons }: WithVerdict & { readonly comparisons: readonly WithVerdict[] }): boolean =>
  comparisons.every((each) => joinKinds(verdict.kind, each.verdict.kind) === verdict.kind);

/** A comparison, version 1. Unknown fields are left out of what is read, so that later versions may add some. */
export const comparisonSchema = z
  .object({
    method: z.enum(['interleaved', 'stored']).optional(),
    base: sideSchema,
    head: sideSchema,
    comparisons: z.array(oneComparisonSchema),
    control: z.object({ pairs: count, largest: share }).optional(),
    nodeFlags: z.array(z.string()).optional(),
    reproduce: z.string().optional(),
    warnings: z.array(warningSchema),
    verdict: verdictSchema,
  })
  .refine(isSummary, { path: ['verdict'], error: 'is better than that of one of the comparisons' });
