import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { messageOf, usageError } from '@perfkeel/core';

/** What is sent: text, or bytes that are none. */
export type BodyText = string | Buffer;

interface NamedFiles {
  readonly body?: string;
  readonly ca?: string;
}

/**
 * Options with what the files hold that they name: `@body.json` of `--body` (`@-`: stdin), and that of `--ca`. Read once,
 * so that what is measured and what is written are the same.
 *
 * @throws PerfError `no-file`, exit code 2, with the path that was tried.
 */
export async function withFiles<F extends object>(
  flags: F & NamedFiles,
  cwd: string,
  stdin: NodeJS.ReadableStream = process.stdin,
): Promise<F & { readonly body?: BodyText; readonly ca?: string }> {
  const { body, ca } = flags;
  return {
    ...flags,
    ...(body === undefined ? {} : { body: await bodyOf(body, cwd, stdin) }),
    ...(ca === undefined ? {} : { ca: String(await contents('--ca', ca, resolve(cwd, ca))) }),
  };
}

async function bodyOf(text: string, cwd: string, stdin: NodeJS.ReadableStream): Promise<BodyText> {
  if (!text.startsWith('@')) return text;
  if (text.startsWith('@@')) return text.slice(1);
  return textOf(text === '@-' ? await buffer(stdin) : await contents('--body', text, resolve(cwd, text.slice(1))));
}

/** As text where it is some: that can be read in a perf file. */
function textOf(bytes: Buffer): BodyText {
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : bytes;
}

async function contents(flag: string, name: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const why = messageOf(error).replace(/,.*$/s, '');
    throw usageError(`${flag} ${name}: ${file} cannot be read: ${why}`, {
      code: 'no-file',
      hint: flag === '--ca' ? 'Name a PEM file.' : `Name a file; as a text that begins with @ write ${flag} @${name}.`,
      cause: error,
    });
  }
}
