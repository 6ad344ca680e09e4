import { ExitCode, usageError } from '@perfkeel/core';
import { isLive, plain, type Io } from '../io.ts';

export interface McpFlags {
  readonly call?: readonly string[];
  readonly header?: readonly string[];
  readonly era?: string;
  readonly samples?: number;
  readonly inFlight?: number;
  readonly json?: boolean;
}

const bad = (message: string, hint: string): Error => usageError(message, { code: 'bad-option', hint });

/** `perfkeel mcp -- node server.js` or `perfkeel mcp URL`: a first report of a server, without any configuration. */
export async function mcpCommand(words: readonly string[], flags: McpFlags, io: Io): Promise<number> {
  const { measureMcp, renderMcp } = await import('@perfkeel/mcp');
  const stopper = new AbortController();
  io.onSignal(() => stopper.abort(new Error('interrupted')));
  const live = isLive(io.stderr, io.env);
  const result = await measureMcp(
    {
      server: serverOf(words, flags.header ?? [], io.cwd),
      timeout: '6s',
      tools: Object.fromEntries((flags.call ?? []).map(callOf)),
      ...(flags.era === undefined ? {} : { era: flags.era as '2025-11-25' }),
      ...(flags.samples === undefined ? {} : { samples: flags.samples }),
      ...(flags.inFlight === undefined ? {} : { inFlight: flags.inFlight }),
    },
    {
      signal: stopper.signal,
      ...(live ? { progress: (text: string) => void io.stderr.write(`${text}\n`) } : {}),
    },
  );
  // Answers hold what the server holds: they stay here.
  const json = (): string => JSON.stringify(result, (key, value: unknown) => (key === 'last' ? undefined : value), 2);
  io.stdout.write(flags.json === true ? `${json()}\n` : plain(renderMcp(result)));
  return result.measured > 0 && result.measured === result.sent ? ExitCode.Ok : ExitCode.CouldNotMeasure;
}

function serverOf(words: readonly string[], headers: readonly string[], cwd: string) {
  const [first = ''] = words;
  if (!/^https?:\/\//.test(first)) {
    if (headers.length > 0) throw bad('--header goes with a url', 'Leave it out, or give a url instead of a command.');
    return { command: words, cwd };
  }
  if (words.length > 1)
    throw bad(`"${words[1]}" stands behind the url`, 'Write perfkeel mcp http://127.0.0.1:3000/mcp.');
  return { url: first, headers: Object.fromEntries(headers.map(headerOf)) };
}

function headerOf(text: string): readonly [string, string] {
  const at = text.indexOf(':');
  if (at <= 0) throw bad(`--header ${JSON.stringify(text)} has no colon`, "Write --header 'authorization: Bearer …'.");
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function callOf(text: string): readonly [string, Readonly<Record<string, unknown>>] {
  const [, name, json] = /^([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
  try {
    const args: unknown = JSON.parse(json ?? '{}');
    if (name !== undefined && typeof args === 'object' && args !== null && !Array.isArray(args)) {
      return [name, args as Readonly<Record<string, unknown>>];
    }
  } catch {
    // Said below.
  }
  throw bad(`--call ${JSON.stringify(text)} is no call of a tool`, `Write --call 'echo={"message":"hello"}'.`);
}
