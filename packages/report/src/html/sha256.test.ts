import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256 } from './sha256.ts';

// Around the lengths at which the padding takes another block, and letters of several bytes.
test.each(['', 'abc', 'a'.repeat(55), 'a'.repeat(56), 'a'.repeat(64), 'naïve – ✓ 😀'.repeat(999)])('of %s', (text) => {
  expect(sha256(text)).toBe(createHash('sha256').update(text).digest('base64'));
});
