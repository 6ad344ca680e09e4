import { z } from 'zod';
import { ExitCode } from '../errors.ts';
import { findingStatuses } from '../fitness.ts';
import { runSchemaVersion } from '../run.ts';
import { units } from '../units.ts';
import { variantRoles } from '../variant.ts';
import { verdictKinds } from '../verdict.ts';
import { describeValue } from '../wording.ts';
import { count, jsonNumber } from './json-number.ts';
import { estimateSchema, measurementSchema, warningSchema } from './measurement-schema.ts';

const unit = z.enum(units);

const time = z.iso.datetime({
  error: ({ input }) => `expected a time such as 2025-01-02T03:04:05.678Z, got ${describeValue(input)}`,
});

const metricSchema = z.object({
  id: z.string(),
  unit,
  better: z.enum(['lower', 'higher', 'neither']),
  formula: z.string().optional(),
  part: z.object({ of: z.string(), component: z.string(), q: z.number().min(0).max(1).optional() }).optional(),
});

const variantSchema = z.object({
  family: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  role: z.enum(variantRoles).optional(),
});

const locationSchema = z.object({ file: z.string(), line: count, column: count });

const errorSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  exitCode: z.literal(Object.values(ExitCode)),
  location: locationSchema.optional(),
  excerpt: z.string().optional(),
  stack: z.string().optional(),
});

export const verdictSchema = z.object({
  kind: z.enum(verdictKinds),
  reasons: z.array(z.object({ code: z.string(), message: z.string() })),
  needs: z.string().optional(),
});

const benchmarkPlanSchema = z.object({
  id: z.string(),
  kind: z.string(),
  group: z.string().optional(),
  variant: variantSchema.optional(),
  tags: z.array(z.string()),
  metrics: z.array(metricSchema),
  primary: z.string(),
  comparedBy: z.array(z.string()).optional(),
  quantiles: z.boolean(),
  objectives: z.array(z.string()),
  rounds: z.int().min(1),
  expected: z.literal('fail').optional(),
  location: locationSchema.optional(),
  sourceHash: z.string(),
  renamedFrom: z.array(z.string()).optional(),
  version: z.string().optional(),
  benchmarkHash: z.string().optional(),
});

const planSchema = z.object({
  seed: z.number(),
  short: z.boolean(),
  benchmarks: z.array(benchmarkPlanSchema),
  inventory: z.object({ benchmarks: z.array(z.string()), unread: z.array(z.string()) }).optional(),
  selection: z.array(z.object({ file: z.string(), decision: z.enum(['run', 'skip']), why: z.string() })).optional(),
});

const fitnessSchema = z.object({
  fit: z.boolean(),
  smallestChange: jsonNumber.optional(),
  findings: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      status: z.enum(findingStatuses),
      value: z.string(),
      advice: z.string().optional(),
    }),
  ),
});

const environmentSchema = z.object({
  class: z.string(),
  cpu: z.string(),
  cores: count,
  memory: z.number(),
  os: z.string(),
  arch: z.string(),
  node: z.string(),
  v8: z.string(),
  host: z.string(),
  ci: z.boolean(),
  cpuPressure: z.tuple([z.number(), z.number()]).optional(),
  loadAverage: z.number(),
  fitness: fitnessSchema.optional(),
  warnings: z.array(warningSchema),
});

const provenanceSchema = z.object({
  project: z.string(),
  tool: z.string(),
  sha: z.string().optional(),
  branch: z.string().optional(),
  dirty: z.boolean().optional(),
});

const failureSchema = z.object({ benchmark: z.string(), round: count.optional(), error: errorSchema });

const judgementSchema = z.object({
  benchmark: z.string(),
  objective: z.string(),
  metric: z.string(),
  unit,
  comparator: z.enum(['<', '<=', '>', '>=', '=']),
  limit: jsonNumber,
  estimate: estimateSchema.optional(),
  verdict: verdictSchema,
});

/** The run file, version 1. Unknown fields are left out of what is read, so that later versions may add some. */
export const runSchema = z.object({
  $schema: z.string(),
  schemaVersion: z.literal(runSchemaVersion),
  id: z.string().min(1),
  startedAt: time,
  durationMs: z.number().min(0),
  interrupted: z.boolean(),
  plan: planSchema,
  environment: environmentSchema,
  provenance: provenanceSchema,
  measurements: z.array(measurementSchema),
  failures: z.array(failureSchema),
  judgements: z.array(judgementSchema),
  benchmarks: z.array(z.object({ benchmark: z.string(), verdict: verdictSchema })),
  verdict: verdictSchema,
});
