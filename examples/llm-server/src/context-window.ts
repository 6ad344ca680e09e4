import { tokensOf } from './ngram-model.ts';

export interface Message {
  readonly role: string;
  readonly content: string;
}

/** The newest tokens of a conversation, as many as there is room for. What was said before is forgotten. */
export function visibleTokens(messages: readonly Message[], size: number): readonly string[] {
  const all = messages.flatMap(({ content }) => tokensOf(`\n${content}`));
  return all.slice(Math.max(0, all.length - size));
}
