import { z } from 'zod';
import { cellCount } from '../histogram-layout.ts';
import { bans } from '../warning.ts';
import { count, jsonNumber } from './json-number.ts';

export const warningSchema = z.object({
  code: z.string(),
  message: z.string(),
  forbids: z.enum(bans).optional(),
  remedies: z.array(z.string()).optional(),
});

export const estimateSchema = z.object({
  value: jsonNumber,
  lo: jsonNumber,
  hi: jsonNumber,
  confidence: z.number().min(0).max(1),
  method: z.string(),
  warnings: z.array(warningSchema),
});

/** What `cells` of a histogram says in total; `undefined` when it is not in pairs or leaves the layout. */
function totalOf(cells: readonly number[]): number | undefined {
  if (cells.length % 2 !== 0) return undefined;
  let [cell, total] = [0, 0];
  for (let i = 0; i < cells.length; i += 2) {
    cell += cells[i]!;
    total += cells[i + 1]!;
  }
  return cell < cellCount ? total : undefined;
}

export const histogramSchema = z
  .object({
    layout: z.literal('hdr-3'),
    count,
    min: count,
    max: count,
    sum: z.number().min(0),
    cells: z.array(count),
  })
  .refine((data) => totalOf(data.cells) === data.count, {
    path: ['cells'],
    error: 'the counts in the cells do not add up to count',
  });

export const measurementDataSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sample'), values: z.array(jsonNumber) }),
  z.object({ kind: z.literal('histogram'), histogram: histogramSchema }),
  z.object({ kind: z.literal('count'), events: count, trials: count }),
  z.object({ kind: z.literal('exact'), value: jsonNumber }),
  z.object({ kind: z.literal('estimate'), estimate: estimateSchema }),
  z.object({
    kind: z.literal('series'),
    points: z.array(z.tuple([jsonNumber, jsonNumber])),
    marks: z.array(z.object({ at: jsonNumber, label: z.string() })).optional(),
  }),
]);

export const measurementSchema = z.object({
  benchmark: z.string(),
  metric: z.string(),
  round: count,
  data: measurementDataSchema,
  dropped: count,
  warnings: z.array(warningSchema),
  input: z.string().optional(),
});
