import { z } from 'zod';
import { runSchemaUrl } from '../run.ts';
import { comparisonSchema } from './comparison-schema.ts';
import { configSchema } from './config-schema.ts';
import { estimateSchema, measurementSchema, warningSchema } from './measurement-schema.ts';
import { runSchema, verdictSchema } from './run-schema.ts';

export const comparisonSchemaUrl = 'https://perfkeel.dev/schema/comparison.v1.json';
export const configSchemaUrl = 'https://perfkeel.dev/schema/config.json';

// A registry of our own: zod's global one belongs to the whole process.
const names = z.registry<{ id: string }>();
names.add(estimateSchema, { id: 'Estimate' });
names.add(measurementSchema, { id: 'Measurement' });
names.add(verdictSchema, { id: 'Verdict' });
names.add(warningSchema, { id: 'Warning' });

function emit(schema: z.ZodType, head: { $id: string; title: string; description: string }): object {
  const { $schema, ...body } = z.toJSONSchema(schema, { io: 'input', metadata: names, target: 'draft-2020-12' });
  return { $schema, ...head, ...body };
}

/** The JSON Schema (draft 2020-12) of a run file as it is on disk. */
export const runJsonSchema = (): object =>
  emit(runSchema, {
    $id: runSchemaUrl,
    title: 'perfkeel run',
    description:
      'One finished run. Durations are in nanoseconds, sizes in bytes, rates per second, shares in [0, 1]. ' +
      'Numbers that JSON cannot write are the strings "Infinity", "-Infinity" and "NaN".',
  });

/** The JSON Schema (draft 2020-12) of a configuration. */
export const configJsonSchema = (): object =>
  emit(configSchema, {
    $id: configSchemaUrl,
    title: 'perfkeel configuration',
    description: 'What perf.config.ts exports. Everything has a default.',
  });

/** The JSON Schema (draft 2020-12) of a comparison as `perfkeel compare --json` writes it. */
export const comparisonJsonSchema = (): object =>
  emit(comparisonSchema, {
    $id: comparisonSchemaUrl,
    title: 'perfkeel comparison',
    description:
      'Two runs held against each other. Effects are head / base - 1; numbers of rounds are in the unit of their metric.',
  });
