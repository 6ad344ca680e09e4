import { messageOf } from '@perfkeel/core';
import { importError } from './import-error.ts';

/** @throws PerfError with the place at which the text stops being JSON. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw importError(file, `it is no JSON: ${messageOf(error)}`, 'The file is cut off or damaged: export it again.');
  }
}
