import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { answering, isLocal, parseListeners } from './listener.ts';

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1145 1 00000000cedee074 100 0 0 10 0
   1: 0100007F:07E8 0100007F:B0B0 01 00000000:00000000 00:00000000 00000000     0        0 1146 1 00000000cedee074 20 4 30 10 -1
   2: 00000000:B7E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1147 1 00000000cedee074 100 0 0 10 0`;

it.each([
  ['who listens, not who is connected', 2024, ['1145']],
  ['the whole port, not its end', 0xb7e8, ['1147']],
  ['a port of three digits', 0x7e8, ['1145']],
  ['nobody', 80, []],
])('%s', (_, port, expected) => {
  expect(parseListeners(tcp, port)).toEqual(expected);
});

it.each([
  ['http://127.0.0.1:3000', true],
  ['http://localhost:3000/path', true],
  ['http://[::1]:3000', true],
  // Reserved for documentation: it is nobody's address, and none of this machine.
  ['http://192.0.2.7:3000', false],
  ['http://no-such-host.invalid', false],
])('%s: local is %s', async (url, expected) => {
  expect(await isLocal(url)).toBe(expected);
});

describe.runIf(process.platform === 'linux')('who answers', () => {
  it('at a port of this process: this process', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    expect(await answering(`http://127.0.0.1:${port}`)).toEqual([process.pid]);
    await new Promise((resolve) => server.close(resolve));
    expect(await answering(`http://127.0.0.1:${port}`)).toBeUndefined();
  });

  it('elsewhere: nobody here', async () => {
    expect(await answering('http://192.0.2.7:3000')).toEqual([]);
  });
});
