/** Uniform numbers in [0, 1). */
type Rng = () => number;

const topics = {
  harbour: 'ship anchor tide cargo crane pilot rope deck mast fog buoy ferry sailor dock wharf current',
  kitchen: 'bread oven flour salt butter knife kettle spoon basil onion broth dough plate simmer crust pepper',
  library: 'shelf index page binding reader archive catalogue margin folio chapter ink lamp desk silence loan script',
  orchard: 'apple blossom ladder basket graft bark root beetle frost cider branch pear bee meadow fence harvest',
  railway:
    'signal platform engine ticket tunnel carriage timetable whistle bridge track steam guard station freight axle steel',
} as const;

/** What a text is about: some of its words tell. */
export type Topic = keyof typeof topics;
export const topicNames = Object.keys(topics) as readonly Topic[];

const common =
  'the a of and to in that it was for on with as his they at be this from have or by one had not but what all were when we there can an your which said if do will each about how up out them then she many some so these would other into has more her two like him see time could no make than first been its who now people my made over did down only way find use may water long little very after words called just where most know'.split(
    ' ',
  );

const pick = <T>(items: readonly T[], rng: Rng): T => items[Math.floor(rng() * items.length)]!;
const between = (least: number, most: number, rng: Rng): number => least + Math.floor(rng() * (most - least + 1));

/** A sentence as people write them, with a capital letter and an end; every tenth word or so is one of its topic. */
function makeSentence(topic: Topic, rng: Rng): string {
  const own = topics[topic].split(' ');
  const words = Array.from({ length: between(6, 18, rng) }, () => pick(rng() < 0.1 ? own : common, rng));
  const comma = between(2, words.length - 2, rng);
  const text = words.map((word, i) => (i === comma && rng() < 0.4 ? `${word},` : word)).join(' ');
  return text[0]!.toUpperCase() + text.slice(1) + pick(['.', '.', '.', '?', '!'], rng);
}

const sentences = (topic: Topic, count: number, rng: Rng): string =>
  Array.from({ length: count }, () => makeSentence(topic, rng)).join(' ');

/**
 * Paragraphs with blank lines between them: most of three to nine sentences, every twelfth too long for a chunk, and now
 * and then a word without a single blank, such as a link.
 */
export function makeProse(paragraphs: number, rng: Rng): string {
  return Array.from({ length: paragraphs }, (_, i) => {
    const topic = pick(topicNames, rng);
    if (i % 40 === 39) return `See ${'abcdefgh'.repeat(160)}. ${sentences(topic, 3, rng)}`;
    return sentences(topic, i % 12 === 11 ? between(18, 30, rng) : between(3, 9, rng), rng);
  }).join('\n\n');
}

/** A short text about one thing. */
export interface Document {
  readonly topic: Topic;
  readonly text: string;
}

export const makeDocuments = (count: number, rng: Rng): readonly Document[] =>
  Array.from({ length: count }, (_, i) => {
    const topic = topicNames[i % topicNames.length]!;
    return { topic, text: sentences(topic, between(4, 8, rng), rng) };
  });

/** The same text with one word of twenty replaced, as a later edition would have it. */
export function nearDuplicate(text: string, rng: Rng): string {
  return text
    .split(' ')
    .map((word) => (rng() < 0.05 ? pick(common, rng) : word))
    .join(' ');
}
