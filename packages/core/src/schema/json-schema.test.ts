import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { comparisonJsonSchema, configJsonSchema, runJsonSchema } from '../schema.ts';

// The published files. After a change: `npx vitest run packages/core -u`.
describe('the published JSON Schemas are up to date', () => {
  it.each([
    ['run.v1.json', runJsonSchema()],
    ['comparison.v1.json', comparisonJsonSchema()],
    ['config.json', configJsonSchema()],
  ])('%s', async (file, schema) => {
    const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 120 });
    await expect(text).toMatchFileSnapshot(`../../schema/${file}`);
  });
});
