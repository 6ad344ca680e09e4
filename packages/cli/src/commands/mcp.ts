import { ExitCode, PerfError, plainJson, usageError, isObject, type SizeText } from '@perfkeel/core';
import type { Asked, McpResult, McpServer } from '@perfkeel/mcp';
import { isLive, oneLine, type Io } from '../io.ts';

export interface McpFlags {
  readonly call?: readonly string[];
  readonly header?: readonly string[];
  readonly era?: string;
  readonly samples?: number;
  readonly inFlight?: number;
  readonly client?: string;
  readonly maxAnswer?: string;
  readonly beside?: string;
  readonly capacity?: string;
  readonly write?: string;
  readonly readBack?: string;
  readonly cancel?: string;
  readonly growth?: number;
  readonly churn?: number;
  readonly json?: boolean;
}

const bad = (message: string, hint: string): Error => usageError(message, { code: 'bad-option', hint });

/** `perfkeel mcp -- node server.js` or `perfkeel mcp URL`: a first report of a server, without any configuration. */
export async function mcpCommand(words: readonly string[], flags: McpFlags, io: Io): Promise<number> {
  const { measureMcp, renderMcp } = await import('@perfkeel/mcp');
  const stopper = new AbortController();
  const interrupted = { code: 'interrupted', exitCode: ExitCode.Interrupted } as const;
  io.onSignal(() => stopper.abort(new PerfError('interrupted: there is no report of a half', interrupted)));
  const live = isLive(io.stderr, io.env);
  const calls = (flags.call ?? []).map((text) => callOf('--call', text));
  const result = await measureMcp(
    {
      server: serverOf(words, flags.header ?? [], io.cwd),
      timeout: '6s',
      tools: Object.fromEntries(calls.map(({ tool, args }) => [tool, args])),
      ...given('era', flags.era as '2025-11-25' | undefined),
      ...given('client', flags.client as 'sdk' | undefined),
      ...given('maxAnswer', flags.maxAnswer as SizeText | undefined),
      ...given('samples', flags.samples),
      ...given('inFlight', flags.inFlight),
      ...given('growth', flags.growth),
      ...given('churn', flags.churn),
      ...given('capacity', flags.capacity === undefined ? undefined : { p95: flags.capacity as '50ms' }),
      ...given('cancel', flags.cancel === undefined ? undefined : callOf('--cancel', flags.cancel)),
      ...given('beside', besideOf(flags.beside, calls)),
      ...given('writeAndReadBack', pairOf(flags)),
    },
    {
      signal: stopper.signal,
      ...(live ? { progress: (text: string) => void io.stderr.write(`${text}\n`) } : {}),
    },
  );
  io.stdout.write(flags.json === true ? `${plainJson(JSON.stringify(result, undefined, 2))}\n` : renderMcp(result));
  if (!isSound(result)) return ExitCode.CouldNotMeasure;
  const failed = failedAltogether(result);
  for (const text of failed) io.stderr.write(`error  ${oneLine(text)}\n`);
  return failed.length === 0 ? ExitCode.Ok : ExitCode.Failed;
}

const hasFailed = ({ outcomes, failure }: Asked): boolean => failure !== undefined && outcomes.ok === 0;

/** Times of what never succeeded are none: what was named, or all there was. */
function failedAltogether({ warm }: McpResult): readonly string[] {
  const asked = warm.filter(({ outcomes, failure }) => failure !== undefined || outcomes.ok > 0);
  const failed = asked.filter(hasFailed);
  const told = failed.length === asked.length ? failed : failed.filter(({ item }) => item.named);
  return told.map(({ item, failure }) => `every request for ${item.kind} ${item.name} failed: ${failure}`);
}

/** A report of nothing, of a cache, or of a server that ended meanwhile is none. */
const isSound = ({ measured, sent, cold, warm }: McpResult): boolean =>
  measured > 0 && measured === sent && ![...cold, ...warm].some(({ gone }) => gone);

const given = <K extends string, T>(key: K, value: T | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { readonly [key in K]?: T };

function serverOf(words: readonly string[], headers: readonly string[], cwd: string): McpServer {
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
  if (at <= 0) throw bad('what --header was given has no colon', "Write --header 'authorization: Bearer …'.");
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

interface Call {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** `tool` or `tool={"an": "argument"}`. */
function callOf(flag: string, text: string): Call {
  const [, tool, json] = /^([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
  try {
    const args: unknown = JSON.parse(json ?? '{}');
    if (tool !== undefined && isObject(args)) {
      return { tool, args };
    }
  } catch {
    // Said below.
  }
  throw bad(`${flag} ${JSON.stringify(text)} is no call of a tool`, `Write ${flag} 'echo={"message":"hello"}'.`);
}

function besideOf(slow: string | undefined, [fast]: readonly Call[]) {
  if (slow === undefined) return undefined;
  if (fast === undefined) throw bad('--beside needs a fast tool', "Name it by --call: --call 'echo={}' --beside slow.");
  return { slow: callOf('--beside', slow), fast };
}

const mark = '{mark}';

function pairOf({ write, readBack }: McpFlags) {
  if (write === undefined && readBack === undefined) return undefined;
  if (write === undefined || readBack === undefined || !write.includes(mark)) {
    const example = `--write 'add={"name":"${mark}"}' --read-back list`;
    throw bad('--write and --read-back go together, and what is written holds {mark}', `Write ${example}.`);
  }
  callOf('--write', write);
  return {
    // Marks are plain words, which JSON takes as they are.
    write: (word: string) => callOf('--write', write.replaceAll(mark, word)),
    read: callOf('--read-back', readBack),
  };
}
