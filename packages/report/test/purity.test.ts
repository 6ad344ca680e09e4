import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '..', 'src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
);

test.each(files)('%s reads no clock, no file, no process', (file) => {
  const text = readFileSync(join(source, file), 'utf8');
  expect(text).not.toMatch(/from 'node:|\bnew Date\b|\bDate\.|\bprocess\.|\bperformance\.|Math\.random|\bconsole\./);
});
