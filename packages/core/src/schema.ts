export { comparisonSchema } from './schema/comparison-schema.ts';
export { configSchema } from './schema/config-schema.ts';
export {
  comparisonJsonSchema,
  comparisonSchemaUrl,
  configJsonSchema,
  configSchemaUrl,
  runJsonSchema,
} from './schema/json-schema.ts';
export { toJsonable } from './schema/json-number.ts';
export { parseComparison } from './schema/parse-comparison.ts';
export { parseConfig } from './schema/parse-config.ts';
export { parseRun } from './schema/parse-run.ts';
export { runSchema } from './schema/run-schema.ts';
