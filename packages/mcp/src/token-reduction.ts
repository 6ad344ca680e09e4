import {
  badOption,
  callSite,
  commonParts,
  declare,
  locating,
  refuseUnknownOptions,
  type CommonOptions,
  type Declaration,
  type Metric,
  type PercentText,
  type RoundMeasurement,
  type Warning,
} from '@perfkeel/core';
import { serverOption } from './server.ts';
import { measureReduction, type Reduction, type ReductionSubject } from './tokens/measure-reduction.ts';

/** What a comparison of tokens can promise. */
export type TokenObjective =
  | `${'reduction' | 'context-reduction' | 'worst-reduction'} ${'>' | '>='} ${PercentText}`
  | `${'baseline-tokens' | 'mcp-tokens'} ${'<' | '<='} ${number}`;

/** Everything that `tokenReduction(name, options)` takes. */
export interface TokenReductionOptions extends ReductionSubject, CommonOptions<TokenObjective> {}

const metric = (id: string, unit: Metric['unit'], better: Metric['better']): Metric => ({ id, unit, better });

/** Tokens saved, as a share of the baseline. */
export const reductionMetrics: readonly Metric[] = [
  metric('reduction', 'ratio', 'higher'),
  metric('context-reduction', 'ratio', 'higher'),
  metric('worst-reduction', 'ratio', 'higher'),
  metric('baseline-tokens', 'count', 'lower'),
  metric('mcp-tokens', 'count', 'lower'),
];

const ownOptions = ['server', 'workflows', 'cwd', 'capture', 'tokenizer'];

/**
 * Declares how many tokens a server saves: the same workflows with the files that a model was given before, and with the
 * resources, tools and prompts of the server.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * tokenReduction('review', { server: { command: ['node', 'server.js'] }, objectives: ['reduction >= 40%'],
 *   workflows: [{ name: 'style', baseline: [{ file: 'style.md' }], mcp: [{ resource: 'docs://style' }] }] });
 */
export function tokenReduction(name: string, options: TokenReductionOptions): Declaration {
  const location = callSite(tokenReduction);
  locating(location, () => verify(name, options));
  return declare({
    // Counts are the same every time: a second round would say nothing.
    ...commonParts(options, { rounds: 1 }),
    name,
    kind: 'tokens',
    metrics: reductionMetrics,
    primary: 'reduction',
    quantiles: false,
    location,
    instrument: async () => ({ measurements: reductionMeasurements(await measureReduction(options)) }),
  });
}

function verify(name: string, options: TokenReductionOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw badOption('options', options, 'the options of tokenReduction', "Write tokenReduction('a name', { … }).");
  }
  refuseUnknownOptions('tokenReduction', name, options, ownOptions);
  serverOption(options.server);
  const example = "Write workflows: [{ name: 'a', baseline: [{ file: 'a.md' }], mcp: [{ resource: 'docs://a' }] }].";
  const { workflows } = options;
  const good = (list: unknown): boolean => Array.isArray(list) && list.length > 0;
  if (!good(workflows) || workflows.some(({ baseline, mcp }) => !good(baseline) || !good(mcp))) {
    throw badOption('workflows', workflows, 'workflows with steps on both sides', example);
  }
  if (new Set(workflows.map((one) => one.name)).size < workflows.length) {
    throw badOption(
      'workflows',
      workflows.map((one) => one.name),
      'each name once',
      'Rename the second one.',
    );
  }
}

export function reductionMeasurements(result: Reduction): readonly RoundMeasurement[] {
  const worst = Math.min(...result.workflows.map(({ payload }) => payload.reduction));
  const values: readonly (readonly [string, number])[] = [
    ['reduction', result.payload.reduction],
    ['context-reduction', result.context.reduction],
    ['worst-reduction', worst],
    ['baseline-tokens', result.payload.baseline],
    ['mcp-tokens', result.payload.mcp],
  ];
  const warnings = warningsOf(result);
  return values.map(([id, value]) => ({ metric: id, data: { kind: 'exact', value }, warnings }));
}

function warningsOf({ stale, workflows }: Reduction): readonly Warning[] {
  const dearer = workflows.filter(({ payload }) => payload.reduction < 0).map(({ name }) => name);
  return [
    ...(stale.length === 0
      ? []
      : [
          {
            code: 'stale-baseline',
            message: `the baseline is not what was captured (${stale.join('; ')}): delete its file to capture it again`,
            forbids: 'verdict' as const,
          },
        ]),
    ...(dearer.length === 0
      ? []
      : [{ code: 'dearer-workflow', message: `cost more with the server: ${dearer.join(', ')}` }]),
  ];
}
