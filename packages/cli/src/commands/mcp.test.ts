import { describe, expect, it } from 'vitest';
import { hostile, overHttp, overPipes } from '../../../mcp/test/support/tiny.ts';
import { said } from '../../test/support/said.ts';
import { main } from '../main.ts';

const short = ['--samples', '2', '--in-flight', '2'];

describe('perfkeel mcp', () => {
  it('reports a server over pipes without any configuration, and what is asked for beside', async () => {
    const { command } = overPipes();
    const more = [
      ...['--call', 'look-at={"what":"a"}', '--beside', 'slow', '--capacity', '10s', '--churn', '2', '--growth', '100'],
      ...['--write', 'put-safe={"mark":"{mark}"}', '--read-back', 'all', '--cancel', 'long={"ms":400,"how":"late"}'],
    ];
    const { code, stdout, stderr } = await said(['mcp', ...short, ...more, '--', ...command]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('# tiny 1.2.3');
    expect(stdout).toMatch(/\| tool +\| look-at +\|/);
    expect(stdout).toMatch(/lost updates +\| 0 of 50 acknowledged writes/);
    expect(stdout).toMatch(/long, cancelled +\| went on 3 of 3 times/);
    expect(stdout).toMatch(/sessions, opened, asked once and closed +\| .*0 of 2 failed/);
    expect(stdout).toMatch(/\| in flight +\| answers/);
    expect(stdout).toMatch(/look-at beside a slow tool, p50 and p95 +\| .*s, .*s/);
  });

  it('reports a url with its headers, as JSON that keeps no answers', async () => {
    await overHttp(['stateful'], async ({ url }) => {
      const { code, stdout } = await said(['mcp', ...short, '--json', '-H', 'x-a: 1', url]);
      expect(code).toBe(0);
      const result = JSON.parse(stdout) as { warm: { item: { name: string }; last?: unknown }[] };
      expect(result.warm.map(({ item }) => item.name)).toEqual(['doc://a', 'doc://b', 'look', 'fails', 'greet']);
      expect(stdout).not.toContain('text of doc://a');
    });
  });

  it.each([
    ['text', []],
    ['JSON', ['--json']],
  ])('shows neither secrets nor what commands a terminal, as %s', async (_, flags) => {
    const secrets = await said([
      'mcp',
      ...short,
      ...flags,
      '--',
      ...hostile('secrets').command,
      '--key',
      'key-of-mine',
    ]);
    expect(secrets.stdout).toContain('[hidden]');
    expect(secrets.stdout).not.toMatch(/key-of-mine|pw-of-me/);
    const escapes = await said(['mcp', ...short, ...flags, '--', ...hostile('escapes').command]);
    expect(escapes.stdout).toContain('redgnp.exe');
    expect(escapes.stdout).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u);
  });

  it('measures a server that dies as far as that goes, and does not call it measured', async () => {
    const { code, stdout } = await said(['mcp', ...short, '--', ...hostile('dies').command]);
    expect(code).toBe(4);
    expect(stdout).toMatch(/exited with code 9/);
    expect(stdout).toContain('- Note: the server ended while it was measured');
  });

  it('fails when what was named never answers, and refuses what is not there', async () => {
    const { command } = overPipes();
    const failed = await said(['mcp', ...short, '--call', 'fails', '--', ...command]);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('# tiny 1.2.3');
    expect(failed.stderr).toMatch(/^error {2}every request for tool fails failed: tool-error .*\n$/);
    const slip = await said(['mcp', ...short, '--call', 'loook', '--', ...command]);
    expect(slip).toMatchObject({ code: 2, stdout: '' });
    expect(slip.stderr).toMatch(/lists no tool "loook"[\s\S]*Did you mean look\?/);
    const tooLong = await said(['mcp', ...short, '--max-answer', '10B', '--', ...command]);
    expect(tooLong).toMatchObject({ code: 2, stderr: expect.stringMatching(/`maxAnswer` is "10B"/) as string });
  });

  it('ends at Ctrl-C with its own code, and ends the server', async () => {
    let stop: () => void = () => undefined;
    let stderr = '';
    const code = await main(['mcp', ...short, '--growth', '2000000', '--', ...overPipes().command], {
      ...{ cwd: process.cwd(), env: {}, stdout: { write: () => true } },
      // It says what it does to whoever is watching; memory is watched last.
      stderr: { isTTY: true, write: (text) => (stderr += text).includes('memory') && stop() },
      onSignal: (listener) => (stop = listener),
    });
    expect(code).toBe(130);
    expect(stderr).toContain('interrupted: there is no report of a half');
  });

  it('cannot measure what does not speak', async () => {
    const { code, stderr } = await said(['mcp', '--', 'node', '-e', 'console.error("no licence"); process.exit(3)']);
    expect(code).toBe(4);
    expect(stderr).toMatch(/does not answer as an MCP server[\s\S]*exited with code 3; it said: no licence/);
  });

  it.each([
    [['--call', 'look={oops', 'x'], /--call "look=\{oops" is no call of a tool/],
    [['--beside', 'slow', 'x'], /--beside needs a fast tool/],
    [['--write', 'put', 'x'], /--write and --read-back go together/],
    [['-H', 'a: b', 'x'], /--header goes with a url/],
    [['-H', 'secret', 'http://127.0.0.1:9/mcp'], /^(?!.*secret).*has no colon/s],
    [['-H', 'a: secret€', 'http://127.0.0.1:9/mcp'], /^(?!.*secr).*`headers` is \{ a \}/s],
    [['--client', 'host', 'x'], /`client` is "host"/],
    [['--capacity', '50', 'x'], /50/],
    [['http://127.0.0.1:9/mcp', 'x'], /stands behind the url/],
  ])('%j is wrong usage', async (argv, text) => {
    expect(await said(['mcp', ...argv])).toMatchObject({ code: 2, stderr: expect.stringMatching(text) as string });
  });
});
