import { PerfError, units, verdictKinds, type Unit } from '@perfkeel/core';
import {
  ciReportVersion,
  type CiAcceptance,
  type CiChoice,
  type CiEffect,
  type CiFailure,
  type CiKept,
  type CiObjective,
  type CiPlace,
  type CiProject,
  type CiReport,
  type CiRow,
  type CiSelection,
  type CiSide,
  type CiSkipped,
} from './ci-report.ts';
import {
  Refused,
  anyNumber,
  listOf,
  objectOf,
  oneOf,
  onlyTrue,
  textLike,
  textUpTo,
  wholeNumber,
  type Reader,
} from './strict-reader.ts';

const name = textUpTo(200);
const sentence = textUpTo(2000);
const verdict = oneOf(...verdictKinds);
const commit = textLike(/^[0-9a-f]{7,64}$/, 'a commit');
/** Inside the repository, and nothing that a shell, a path or a link could take for something else. */
const pathInside = /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\0\r\n\\]{0,500}$/;
const path = textLike(pathInside, 'a path inside the repository');

/** The longest lists that are read; what is longer is not written. Of rows, objectives and failures nothing is left out. */
const most = { why: 10_000, warnings: 10_000, choices: 10_000, gone: 10_000, ignored: 10_000, notes: 100 } as const;

const side = objectOf<CiSide>({ label: textUpTo(500), sha: commit, why: sentence }, ['sha', 'why']);
const place = objectOf<CiPlace>({ file: path, line: wholeNumber });
const acceptance = objectOf<CiAcceptance>({
  id: name,
  state: oneOf('accepted', 'expired', 'exceeded'),
  message: sentence,
});
const effect = objectOf<CiEffect>({ value: anyNumber, lo: anyNumber, hi: anyNumber, smallBase: onlyTrue }, [
  'smallBase',
]);

const row = objectOf<CiRow>(
  {
    benchmark: name,
    label: textUpTo(500),
    metric: name,
    statistic: name,
    unit: oneOf<Unit>(...units),
    base: anyNumber,
    head: anyNumber,
    effect,
    decision: oneOf('regressed', 'accepted', 'improved', 'unchanged', 'identical', 'inconclusive'),
    verdict,
    reason: sentence,
    needs: sentence,
    rounds: wholeNumber,
    acceptance,
    place,
  },
  ['base', 'head', 'effect', 'reason', 'needs', 'acceptance', 'place'],
);
const objective = objectOf<CiObjective>(
  { benchmark: name, objective: name, verdict, message: sentence, evidence: sentence, attempt: sentence, place },
  ['evidence', 'attempt', 'place'],
);
const failure = objectOf<CiFailure>({ benchmark: name, code: name, message: sentence, place }, ['benchmark', 'place']);
const pair: Reader<readonly [string, string]> = (value, at) => {
  const [first, second, ...more] = listOf(textUpTo(500), 2)(value, at);
  if (first === undefined || second === undefined || more.length > 0) throw new Refused(`${at} is not a pair`);
  return [first, second];
};

const project = objectOf<CiProject>(
  {
    project: name,
    folder: path,
    why: listOf(sentence, most.why),
    leg: name,
    verdict,
    exitCode: wholeNumber,
    base: side,
    head: side,
    rows: listOf(row, 50_000),
    objectives: listOf(objective, 50_000),
    kept: listOf(objectOf<CiKept>({ benchmark: name, objective: name }), 50_000),
    failures: listOf(failure, 50_000),
    warnings: listOf(sentence, most.warnings),
    control: objectOf<NonNullable<CiProject['control']>>({ pairs: wholeNumber, largest: anyNumber }),
    environment: listOf(pair, 100),
  },
  ['leg', 'base', 'head', 'kept', 'control'],
);

const selection = objectOf<CiSelection>(
  {
    choices: listOf(
      objectOf<CiChoice>({ project: name, file: path, decision: oneOf('run', 'skip'), why: sentence }),
      most.choices,
    ),
    gone: listOf(path, most.gone),
    ignored: listOf(path, most.ignored),
    unsure: sentence,
  },
  ['unsure'],
);

const report = objectOf<CiReport>(
  {
    schemaVersion: (value, at) => {
      if (value !== ciReportVersion) throw new Refused(`${at} is not ${ciReportVersion}`);
      return ciReportVersion;
    },
    tool: name,
    event: name,
    base: side,
    head: side,
    projects: listOf(project, 5000),
    skipped: listOf(objectOf<CiSkipped>({ project: name, why: sentence }), 5000),
    selection,
    notes: listOf(sentence, most.notes),
  },
  ['base', 'head', 'selection'],
);

/**
 * Reads a comparison.json that somebody else wrote. Strict: an unknown field, a name that is too long, a path that leads
 * out of the repository or a list without end is refused as a whole.
 *
 * @param where the file, for the message
 * @throws PerfError `bad-ci-report`, exit code 4
 */
export function parseCiReport(text: string, where: string): CiReport {
  try {
    return report(JSON.parse(text), '');
  } catch (error) {
    if (!(error instanceof Refused) && !(error instanceof SyntaxError)) throw error;
    const why = error instanceof Refused ? error.message : 'it is not JSON';
    throw new PerfError(`${where} is no report of perfkeel ci: ${why}`, {
      code: 'bad-ci-report',
      hint: 'It must come from perfkeel ci of the same version, unchanged.',
      cause: error,
    });
  }
}

const cut = (text: string, size: number): string => (text.length <= size ? text : `${text.slice(0, size - 1)}…`);

/** A file system allows names that no reader takes for a path. */
function writablePath(text: string): string {
  const shown = cut(text.replace(/[\0\r\n\\]/g, '?'), 500);
  return pathInside.test(shown) ? shown : '?';
}

/** The text of a comparison.json; what readers would refuse, such as a list without end, is cut. Ends in a newline. */
export function encodeCiReport(report: CiReport): string {
  const write = (key: string, value: unknown): unknown => {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    if (Array.isArray(value)) return writableList(key, value);
    if (typeof value !== 'string') return value;
    if (paths.has(key)) return writablePath(value);
    return cut(value, longNames.has(key) ? 500 : sentences.has(key) ? 2000 : /^\d+$/.test(key) ? 500 : 200);
  };
  return `${JSON.stringify(report, write, 1)}\n`;
}

function writableList(key: string, list: readonly unknown[]): readonly unknown[] {
  const shown = Object.hasOwn(most, key) ? list.slice(0, most[key as keyof typeof most]) : list;
  return listsOfPaths.has(key) ? shown.map((one) => writablePath(String(one))) : shown;
}

const paths = new Set(['file', 'folder']);
const listsOfPaths = new Set(['gone', 'ignored']);
const longNames = new Set(['label']);
const sentences = new Set(['reason', 'needs', 'message', 'evidence', 'attempt', 'why', 'unsure']);
