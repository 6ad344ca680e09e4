import type { Message } from './context-window.ts';
import { tokensOf, type NgramModel } from './ngram-model.ts';

/**
 * The tokens of an answer: what the code of something is, when that is asked and can still be seen; otherwise whatever
 * the model makes of it.
 */
export function* answerTokens(
  model: NgramModel,
  messages: readonly Message[],
  visible: readonly string[],
  most: number,
): Generator<string> {
  const question = messages.at(-1)?.content ?? '';
  const [, name] = /what is the code of the ([\p{L}\p{N} ]+)\?/iu.exec(question) ?? [];
  if (name !== undefined) {
    const [, code] = new RegExp(`the code of the ${name} is (\\d+)`, 'i').exec(visible.join('')) ?? [];
    yield* tokensOf(code ?? 'I do not know.').slice(0, most);
    return;
  }
  let left = most;
  for (const token of model.continue(visible, Math.random)) {
    if (left-- <= 0) return;
    yield token;
  }
}
