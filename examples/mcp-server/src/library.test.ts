import { describe, expect, it } from 'vitest';
import { entries, readDocument, sectionsOf } from './library.ts';

describe('the documents', () => {
  it('are sixteen, each with at least three sections that are not empty', async () => {
    expect(entries.map(({ uri }) => uri)).toHaveLength(16);
    for (const { kind, topic } of entries) {
      const sections = sectionsOf(await readDocument(`${kind}/${topic}`));
      expect(sections.filter(({ slug, text }) => slug !== '' && text.length > 80).length).toBeGreaterThanOrEqual(3);
      expect(new Set(sections.map(({ slug }) => slug)).size).toBe(sections.length);
    }
  });

  it('are cut at their headings', () => {
    expect(sectionsOf('# A\n\n## One, two\n\na\n\n### b\n\n## Three\nc\n')).toEqual([
      { slug: 'one-two', text: '## One, two\n\na\n\n### b' },
      { slug: 'three', text: '## Three\nc' },
    ]);
    expect(sectionsOf('## B\nb')).toEqual([{ slug: 'b', text: '## B\nb' }]);
    expect(sectionsOf('# A')).toEqual([]);
  });
});
