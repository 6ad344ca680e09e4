import { parseSize, type SizeText } from '@perfkeel/core';
import { transportError, type McpAnswer } from './answer.ts';

/** How long an answer may be: a server that never ends one would fill the memory of this process. */
export interface AnswerLimit {
  readonly bytes: number;
  /** As it was written, for messages. */
  readonly text: SizeText;
}

/** @throws PerfError `bad-quantity`, exit code 2 */
export const answerLimit = (text: SizeText = '64MiB'): AnswerLimit => ({ bytes: parseSize(text), text });

export const tooLong = ({ text }: AnswerLimit): McpAnswer =>
  transportError('too-long', `the answer is longer than ${text}, the limit that maxAnswer sets`);
