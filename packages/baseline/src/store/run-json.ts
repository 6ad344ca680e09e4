import { PerfError, messageOf, type Run } from '@perfkeel/core';
import { parseRun } from '@perfkeel/core/schema';
import { canonicalJson } from './canonical-json.ts';

/**
 * A run as the text of a `run.json`: canonical, so that one run has one text, and readable. `decodeRun` is its inverse,
 * infinite bounds of intervals included.
 *
 * @throws PerfError `not-encodable` when it could not be read back, with the field that is wrong.
 */
export function encodeRun(run: Run): string {
  const text = canonicalJson(run);
  try {
    parseRun(JSON.parse(text), 'this run');
  } catch (error) {
    throw new PerfError(`cannot write what could not be read again: ${messageOf(error)}`, {
      code: 'not-encodable',
      hint: 'An instrument or a tool made a run that does not fit the schema: correct it there.',
      cause: error,
    });
  }
  return text;
}

/**
 * Reads the text of a `run.json`.
 *
 * @param where the file, for the message
 * @throws PerfError `corrupt-run` or `newer-run`, exit code 4.
 */
export function decodeRun(text: string, where: string): Run {
  return parseRun(parseJson(text, where), where);
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const problem = text.trim() === '' ? 'it is empty' : messageOf(error);
    throw new PerfError(`${where} is not a run file: ${problem}`, {
      code: 'corrupt-run',
      hint: 'The file is damaged or was edited. Delete it and measure again, or restore it.',
      cause: error,
    });
  }
}
