import { parseDuration, parseRate, usageError, type DurationText, type RateText } from '@perfkeel/core';

type StageAt<Amount extends string> =
  | `hold ${Amount} for ${DurationText}`
  | `ramp to ${Amount} over ${DurationText}`
  | `spike to ${Amount} for ${DurationText}`
  | `warm up at ${Amount} for ${DurationText}`
  | `cool down at ${Amount} for ${DurationText}`
  | `rest for ${DurationText}`;

type Named<Text extends string> = Text | `${string}: ${Text}`;

/**
 * One stage of an open profile, in words: `'ramp to 300/s over 1m'`. A ramp begins where the stage before it ended, the
 * first one at nothing; everything else jumps to its level. `warm up`, `cool down` and `rest` are not measured. A name in
 * front is what objectives call it: `'peak: hold 300/s for 5m'`.
 */
export type RateStage = Named<StageAt<RateText>>;

/** One stage of a closed profile: `'ramp to 100 clients over 30s'`. */
export type ClientStage = Named<StageAt<`${number} clients` | '1 client'>>;

/** No machine sends more; a slip of the finger would go on for ever. Per second. */
export const highestRate = 1_000_000;
/** Clients are sockets and array slots: more are a slip of the finger. */
export const mostClients = 100_000;

/** What a stage without a name of its own is called. */
export const stageNames = {
  hold: 'hold',
  'ramp to': 'ramp',
  'spike to': 'spike',
  'warm up at': 'warm-up',
  'cool down at': 'cool-down',
  rest: 'rest',
} as const;
type Verb = keyof typeof stageNames;

/** Stages that only come before, between or after what is measured. */
export const unrecorded: ReadonlySet<Verb> = new Set(['warm up at', 'cool down at', 'rest']);
const sentence = new RegExp(
  String.raw`^\s*(?:([^:]*):)?\s*(${Object.keys(stageNames).join('|')})\b\s*(.*?)\s*\b(for|over)\s+(.+?)\s*$`,
);
/** What phases and requests may be called: objectives say it. */
export const partName = /^\p{L}[\p{L}\p{N}_-]*$/u;
export const stageForms =
  "Write 'hold 300/s for 5m', 'ramp to 300/s over 1m', 'spike to 900/s for 20s', 'rest for 10s', 'warm up at 50/s for 5s' or 'cool down at 50/s for 5s'; or the same with clients: 'hold 50 clients for 1m'.";

export function refuseStage(message: string, hint: string, excerpt: string): never {
  throw usageError(message, { code: 'bad-stage', hint, excerpt });
}

/** A stage that has been understood. */
export interface ParsedStage {
  readonly text: string;
  readonly name: string | undefined;
  readonly verb: Verb;
  /** `undefined` for a rest, which has none. */
  readonly model: 'open' | 'closed' | undefined;
  readonly amount: number;
  readonly duration: number;
}

/** @throws PerfError `bad-stage`, exit code 2, with the stage as `excerpt`. */
export function parseStage(text: unknown): ParsedStage {
  if (typeof text !== 'string') refuseStage('a stage is a sentence', stageForms, 'stages');
  const [, name, verb, amount, word, time] = sentence.exec(text) ?? [];
  if (verb === undefined) refuseStage(`${JSON.stringify(text)} is not a stage`, stageForms, text);
  const known = verb as Verb;
  const expected = known === 'ramp to' ? 'over' : 'for';
  if (word !== expected)
    refuseStage(
      `${JSON.stringify(text)} is not a stage`,
      `A ${stageNames[known]} takes "${expected}". ${stageForms}`,
      text,
    );
  const duration = readDuration(text, time!);
  if (duration === 0)
    refuseStage(`the stage ${JSON.stringify(text)} takes no time`, 'Give it some, or leave it out.', text);
  return { text, name: checkedName(name, text), verb: known, ...readAmount(text, known, amount!), duration };
}

/** The quantity is underlined as a part of its stage. */
function readDuration(text: string, time: string): number {
  try {
    return parseDuration(time);
  } catch {
    return refuseStage(
      `${JSON.stringify(time)} in the stage ${JSON.stringify(text)} is not a duration`,
      "Write it as '30s'.",
      text,
    );
  }
}

function checkedName(name: string | undefined, text: string): string | undefined {
  const trimmed = name?.trim();
  if (trimmed === undefined || partName.test(trimmed)) return trimmed;
  return refuseStage(
    `a stage cannot be called ${JSON.stringify(trimmed)}`,
    "A name is a word of letters, digits, - and _: 'peak: hold 300/s for 5m'.",
    text,
  );
}

function readAmount(text: string, verb: Verb, amount: string): Pick<ParsedStage, 'model' | 'amount'> {
  if (verb === 'rest') {
    if (amount !== '')
      refuseStage(`${JSON.stringify(text)} is not a stage`, "A rest has no level: 'rest for 10s'.", text);
    return { model: undefined, amount: 0 };
  }
  const [, clients] = /^(\d[\d_]*) clients?$/.exec(amount) ?? [];
  const read = clients === undefined ? readRate(text, amount) : readClients(text, clients);
  if (read.amount === 0 && verb !== 'ramp to') {
    refuseStage(`the stage ${JSON.stringify(text)} sends nothing`, "Write a rest instead: 'rest for 10s'.", text);
  }
  return read;
}

function readRate(text: string, amount: string): Pick<ParsedStage, 'model' | 'amount'> {
  const rate = rateOf(text, amount);
  if (rate > highestRate) {
    refuseStage(
      `the stage ${JSON.stringify(text)} sends more than ${highestRate}/s`,
      'Write a rate that can be sent.',
      text,
    );
  }
  return { model: 'open', amount: rate };
}

function rateOf(text: string, amount: string): number {
  try {
    return parseRate(amount);
  } catch {
    return refuseStage(
      `${JSON.stringify(amount)} in the stage ${JSON.stringify(text)} is neither a rate nor a number of clients`,
      "Write a rate, '300/s', or a number of clients, '50 clients'.",
      text,
    );
  }
}

function readClients(text: string, digits: string): Pick<ParsedStage, 'model' | 'amount'> {
  const clients = Number(digits.replaceAll('_', ''));
  if (clients > mostClients) {
    refuseStage(
      `the stage ${JSON.stringify(text)} has more than ${mostClients} clients`,
      'Use fewer, or a rate.',
      text,
    );
  }
  return { model: 'closed', amount: clients };
}
