import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { loadOf } from './one-off-declarations.ts';
import { withFiles } from './one-off-files.ts';
import { oneOffSource } from './one-off-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'perfkeel-files-'));
const bytes = Buffer.from([0, 0xff, 0xfe]);
writeFileSync(join(folder, 'order.json'), '{ "a": 1 }\n');
writeFileSync(join(folder, 'some.bin'), bytes);
afterAll(() => rmSync(folder, { recursive: true }));

const bodyOf = async (body: string): Promise<unknown> =>
  (await withFiles({ body }, folder, Readable.from([Buffer.from('from '), Buffer.from('stdin')]))).body;

describe('a body', () => {
  it.each([
    ['a text', 'a@b', 'a@b'],
    ['a file', '@order.json', '{ "a": 1 }\n'],
    ['a file that holds no text', '@some.bin', bytes],
    ['stdin', '@-', 'from stdin'],
    ['a text that begins with @', '@@order.json', '@order.json'],
  ])('is %s', async (_, written, sent) => {
    expect(await bodyOf(written)).toEqual(sent);
  });

  it('of a file that is not there is refused with the path that was tried', async () => {
    await expect(bodyOf('@orders.json')).rejects.toMatchObject({
      exitCode: 2,
      message: `--body @orders.json: ${join(folder, 'orders.json')} cannot be read: ENOENT: no such file or directory`,
      hint: 'Name a file; as a text that begins with @ write --body @@orders.json.',
    });
    await expect(withFiles({ ca: '@certs/ca.pem' }, folder)).rejects.toMatchObject({
      message: expect.stringContaining(join(folder, '@certs', 'ca.pem')) as string,
      hint: 'Name a PEM file.',
    });
  });

  it.each([
    ['JSON', '{ "a": 1 }\n', {}, `headers: { 'content-type': 'application/json' }`],
    ['JSON of a type that is said', '[1]', { header: ['Content-Type: a/b'] }, `headers: { 'Content-Type': 'a/b' }`],
    ['what only begins like JSON', '{ a', {}, `path: '/', body: '{ a'`],
    ['a word of JSON', 'true', {}, `path: '/', body: 'true'`],
    ['bytes', bytes, {}, `path: '/', body: Buffer.from('AP/+', 'base64')`],
  ])('that is %s', (_, body, flags, written) => {
    expect(oneOffSource(loadOf('http://127.0.0.1:1/', { body, ...flags }))).toContain(written);
  });
});

describe('whom to trust', () => {
  const secure = 'https://127.0.0.1:1/';

  it('is said of the driver', () => {
    expect(oneOffSource(loadOf(secure, { insecure: true }))).toContain(
      `driver: { use: 'http1', tls: { rejectUnauthorized: false } },`,
    );
    expect(oneOffSource(loadOf(secure, { ca: 'PEM' }))).toContain(`driver: { use: 'http1', tls: { ca: 'PEM' } },`);
    expect(oneOffSource(loadOf(secure, {}))).not.toContain('driver');
  });

  it('is said once, and of TLS', () => {
    expect(() => loadOf(secure, { ca: 'PEM', insecure: true })).toThrow('--insecure takes any certificate');
    expect(() => loadOf('http://127.0.0.1:1/', { insecure: true })).toThrow('--ca and --insecure are for https://');
  });
});
