import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from './read-csv.ts';

const read = (text: string) => readCsv(text, 'users.csv');

describe('a CSV file', () => {
  it.each<[string, string, Record<string, string>[]]>([
    [
      'plain',
      'id,name\n1,Ada\n2,Bo\n',
      [
        { id: '1', name: 'Ada' },
        { id: '2', name: 'Bo' },
      ],
    ],
    ['without a last line break', 'id\n1', [{ id: '1' }]],
    ['of Windows, with a byte order mark', '\uFEFFid,name\r\n1,Ada\r\n', [{ id: '1', name: 'Ada' }]],
    ['with quotes, commas and line breaks in quotes', 'a,b\n"x ""y"", z","1\n2"\n', [{ a: 'x "y", z', b: '1\n2' }]],
    [
      'with empty fields and empty lines',
      'a,b\n\n,\n\n1,\n',
      [
        { a: '', b: '' },
        { a: '1', b: '' },
      ],
    ],
    ['that ends with an empty field', 'a,b\n1,', [{ a: '1', b: '' }]],
  ])('%s', (_, text, rows) => {
    expect(read(text)).toEqual(rows);
  });

  it.each([
    ['nothing', '', 'users.csv has no rows'],
    ['only a head', 'id,name\n', 'users.csv has no rows'],
    ['a row that is too short', 'a,b\n1,2\n3\n', 'row 2 of users.csv has 1 fields, and its head has 2'],
    ['a quote without an end', 'a\n"b\n', 'users.csv has a quote in the wrong place'],
    ['a quote in the middle', 'a\nb"c\n', 'users.csv has a quote in the wrong place'],
    ['a column twice', 'a,a\n1,2\n', 'two columns called "a"'],
  ])('with %s is refused', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'bad-data', exitCode: 2 }));
  });

  it('says again whatever fields were written', () => {
    const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1 }), (rows) => {
        const text = ['a,b', ...rows.map((row) => row.map(quoted).join(','))].join('\r\n');
        expect(read(text)).toEqual(rows.map(([a, b]) => ({ a, b })));
      }),
    );
  });
});
