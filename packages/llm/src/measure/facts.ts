import type { Rng } from '@perfkeel/core';
import type { ChatMessage } from '../client/chat-client.ts';

/** Something that no model can know, and none guesses: a number of six digits with a name. */
export interface Fact {
  readonly name: string;
  readonly code: string;
}

const colours = ['amber', 'azure', 'copper', 'crimson', 'emerald', 'golden', 'ivory', 'olive', 'scarlet', 'violet'];
const places = ['archive', 'bridge', 'cellar', 'garden', 'harbour', 'lantern', 'mill', 'orchard', 'tower', 'vault'];

/** Facts with names and codes that differ. At most a hundred names exist: from then on they are numbered. */
export function makeFacts(count: number, rng: Rng): readonly Fact[] {
  const codes = new Set<string>();
  while (codes.size < count) codes.add(String(100_000 + Math.floor(rng() * 900_000)));
  const names = colours.flatMap((colour) => places.map((place) => `${colour} ${place}`));
  const from = Math.floor(rng() * names.length);
  return [...codes].map((code, n) => {
    const turn = Math.floor(n / names.length);
    return { name: `${names[(from + n) % names.length]}${turn === 0 ? '' : ` ${turn + 1}`}`, code };
  });
}

const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });

/** The beginning of a conversation that tells some facts. */
export const telling = (facts: readonly Fact[]): ChatMessage =>
  user(facts.map(({ name, code }) => `Remember this: the code of the ${name} is ${code}.`).join('\n'));

export const asking = ({ name }: Fact): ChatMessage =>
  user(`What is the code of the ${name}? Answer with the code alone.`);

export const heard = (answer: string): ChatMessage => assistant(answer.trim() === '' ? 'Noted.' : answer);

/** A conversation that tells facts, goes on about other things for so many turns, and asks for the first. */
export function conversation(facts: readonly Fact[], turns: number, filler: string): readonly ChatMessage[] {
  const between = Array.from({ length: turns }, (_, n) => [user(`${n + 1}. ${filler}`), assistant(filler)]).flat();
  return [telling(facts), heard(''), ...between, asking(facts[0]!)];
}

/** Digits may be grouped: 482 913, 482,913 or 482-913. */
const groups = /(?<=\d)[\s,.'_-](?=\d{3}(?!\d))/g;

/** Whether an answer holds the code of the fact as a number of its own, and none of the others'. */
export function recalls(answer: string, fact: Fact, others: readonly Fact[]): boolean {
  const text = answer.normalize('NFKC').replace(groups, '');
  const holds = ({ code }: Fact): boolean => new RegExp(`(?<!\\d)${code}(?!\\d)`).test(text);
  return holds(fact) && !others.some(holds);
}

/** About fifty words, as people talk of something else. */
export const defaultFiller =
  'By the way, the walk along the river was pleasant today: the water was high after the rain, the ferry went twice as often as usual, and somebody had put new benches under the old trees, where we sat for a while and watched the boats before we went back home for supper.';
