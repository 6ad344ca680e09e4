import { isName, wrong, wronglyMeasured } from './check-measured.ts';
import type { Declaration } from './declaration.ts';
import type { PerfError } from './errors.ts';
import { parseObjective } from './objective.ts';
import { describeValue } from './wording.ts';

/** More rounds than this are a slip of the finger: each is a process. */
export const mostRounds = 10_000;

type Check = (declaration: Declaration, title: string) => PerfError | undefined;

/** In plain JavaScript nothing else looks at the types of what was written. */
const checks: readonly Check[] = [
  ({ kind }) =>
    isName(kind)
      ? undefined
      : wrong(`the kind of a declaration is ${describeValue(kind)}`, "Write a word: kind: 'cache'.", 'kind'),
  ({ name, kind }) =>
    isName(name) ? undefined : wrong(`a ${kind} needs a name`, `Write ${kind}('parse one order', …).`),
  ({ rounds }, title) =>
    Number.isInteger(rounds) && rounds >= 1 && rounds <= mostRounds
      ? undefined
      : wrong(
          `${title} has ${describeValue(rounds)} rounds`,
          `Rounds is a whole number from 1 to ${mostRounds}.`,
          'rounds',
        ),
  ({ expected }, title) =>
    expected === undefined || expected === 'fail'
      ? undefined
      : wrong(
          `${title} has expected: ${describeValue(expected)}`,
          "The only thing to expect is 'fail'; leave it out otherwise.",
          'expected',
        ),
  ({ group }, title) =>
    group === undefined || typeof group === 'string'
      ? undefined
      : wrong(`the group of ${title} is ${describeValue(group)}`, "Write a name: group: 'parsers'.", 'group'),
  ({ tags }, title) =>
    Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')
      ? undefined
      : wrong(`the tags of ${title} are no list of words`, "Write a list: tags: ['nightly'].", 'tags'),
  ({ renamedFrom, name }, title) =>
    renamedFrom === undefined ||
    (Array.isArray(renamedFrom) && renamedFrom.length > 0 && renamedFrom.every((old) => isName(old) && old !== name))
      ? undefined
      : wrong(
          `${title} has renamedFrom: ${describeValue(renamedFrom)}`,
          "Write the name that it had before: renamedFrom: 'parse old', or a list of such names.",
          'renamedFrom',
        ),
  ({ version }, title) =>
    version === undefined || isName(version)
      ? undefined
      : wrong(`the version of ${title} is ${describeValue(version)}`, "Write a word: version: '2'.", 'version'),
  ({ target }, title) =>
    target === undefined || (typeof target === 'object' && target !== null && ['url', 'command'].includes(target.kind))
      ? undefined
      : wrong(
          `the target of ${title} is ${describeValue(target)}`,
          "Write target: target({ url: 'http://127.0.0.1:3000' }).",
          'target',
        ),
  wronglyMeasured,
  ({ comparedBy, metrics }, title) => {
    const stranger = comparedBy?.find((id) => !metrics.some((metric) => metric.id === id));
    return stranger === undefined
      ? undefined
      : wrong(`${title} is compared by ${describeValue(stranger)}, which it does not measure`, 'Name its metrics.');
  },
  ({ objectives }, title) =>
    Array.isArray(objectives)
      ? undefined
      : wrong(
          `the objectives of ${title} are ${describeValue(objectives)}`,
          "Write a list: objectives: ['p99 < 200ms'].",
          'objectives',
        ),
];

/** @throws PerfError, exit code 2, for the first thing that is wrong with a declaration. */
export function checkDeclaration(declaration: Declaration): void {
  const { kind, name, metrics, quantiles, primary, statistics, objectives } = declaration;
  const title = `${kind}(${JSON.stringify(name)})`;
  for (const check of checks) {
    const error = check(declaration, title);
    if (error !== undefined) throw error;
  }
  const scope = { metrics, primary: quantiles ? primary : undefined, statistics };
  for (const objective of objectives) parseObjective(objective, scope);
}
