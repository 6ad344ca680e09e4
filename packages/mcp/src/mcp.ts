import {
  callSite,
  commonParts,
  declare,
  locating,
  metrics,
  parseObjective,
  refuseUnknownOptions,
  samplesForQuantile,
  usageError,
  withErrorObjective,
  optionsObject,
  type CommonOptions,
  type Comparator,
  type Declaration,
  type DurationText,
  type Metric,
  type PercentText,
  type RateText,
  type SizeText,
  type TimeStatistic,
} from '@perfkeel/core';
import { mcpMeasurements } from './measure/mcp-measurements.ts';
import { metricsOf } from './measure/mcp-metrics.ts';
import { measureMcp } from './measure/measure-mcp.ts';
import type { McpSubject } from './subject.ts';
import { subjectOptions, verifySubject } from './verify-subject.ts';

type TimedPart =
  'resources' | 'tools' | 'prompts' | 'cold-read' | 'connect' | 'beside-slow' | 'cancel' | 'update-delivery';

/** Shares of what went wrong. */
type Failures =
  | 'errors'
  | 'tool-errors'
  | 'rpc-errors'
  | 'transport-errors'
  | 'cancel-ignored'
  | 'updates-lost'
  | 'lost-updates'
  | 'session-errors';

/** What an MCP benchmark can promise. `Tool` names the tools that have arguments in its options. */
export type McpObjective<Tool extends string = string> =
  | `${TimeStatistic} ${Comparator} ${DurationText}`
  | `${TimeStatistic} of ${TimedPart | Tool} ${Comparator} ${DurationText}`
  | `worst-${'resource' | 'tool'}-p95 ${Comparator} ${DurationText}`
  | `${Failures} ${Comparator} ${PercentText}`
  | `${Failures} = 0`
  | `cache-hits ${'>' | '>='} ${PercentText}`
  | `${'throughput' | 'capacity' | 'session-rate'} ${'>' | '>='} ${RateText}`
  | `${'rss' | 'memory-per-thousand' | 'memory-per-thousand-sessions'} ${'<' | '<='} ${SizeText}`
  | `${'context-tokens' | 'largest-result-tokens'} ${'<' | '<='} ${number}`;

/** Everything that `mcp(name, options)` takes. */
export interface McpOptions extends McpSubject, CommonOptions<McpObjective> {}

/** The bound of p95 that 60 requests give: 59 suffice (Wilks, 1941). */
const leastSamples = 60;
const mostSamples = 1000;
const confidence = 0.95;

/**
 * Declares a benchmark of a server of the Model Context Protocol: what it lists is found by asking, and each resource,
 * tool and prompt is asked for by itself. Objectives that leave errors out get `errors < 5%` beside them.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * mcp('docs server', { server: { command: ['node', 'server.js'] }, tools: { search: { query: 'a' } },
 *   objectives: ['p95 of resources < 100ms', 'p95 of search < 500ms', 'context-tokens < 2000'] });
 */
export function mcp(name: string, options: McpOptions): Declaration {
  const location = callSite(mcp);
  const { subject, measured, objectives } = locating(location, () => understand(name, options));
  const wanted = measured.map(({ id }) => id);
  return declare({
    ...commonParts(options, { rounds: 5 }),
    objectives,
    name,
    kind: 'mcp',
    metrics: measured,
    primary: metrics.responseTime.id,
    quantiles: true,
    target: options.target,
    location,
    instrument: async (context) => {
      const { clock, signal, short, target } = context;
      const progress = (text: string): void => context.progress(text);
      const measured = measureMcp(subject, { clock, signal, short, target, progress });
      // What the server does not list is known only here.
      const result = await measured.catch((error: unknown) => locating(location, () => rethrow(error)));
      return mcpMeasurements(result, Object.keys(subject.tools ?? {}), wanted);
    },
  });
}

function rethrow(error: unknown): never {
  throw error;
}

interface Understood {
  readonly subject: McpSubject;
  readonly measured: readonly Metric[];
  readonly objectives: readonly string[];
}

function understand(name: string, options: McpOptions): Understood {
  optionsObject('mcp', options, 'server: …');
  refuseUnknownOptions('mcp', name, options, subjectOptions);
  verifySubject(options);
  const taken = metricsOf({ ...options, tools: {} }).map(({ id }) => id);
  for (const tool of Object.keys(options.tools ?? {})) {
    if (!taken.includes(tool)) continue;
    throw usageError(`the tool "${tool}" has the name of a metric`, {
      code: 'bad-option',
      hint: 'Measure it in a declaration of its own with latency(), or rename it.',
      excerpt: tool,
    });
  }
  const measured = metricsOf(options);
  const { objectives = [], rounds = 5 } = options;
  // What may be wrong with the list itself is found by core.
  if (!(objectives instanceof Array)) return { subject: options, measured, objectives };
  const scope = { metrics: measured, primary: metrics.responseTime.id };
  const parsed = objectives.map((source) => parseObjective(source, scope));
  const needed = parsed.map(({ statistic }) => samplesForQuantile(statistic, confidence));
  const enough = Math.ceil(Math.max(0, ...needed) / rounds);
  const samples = options.samples ?? Math.min(mostSamples, Math.max(leastSamples, enough));
  const judgesErrors = parsed.some(({ metric }) => metric === metrics.errors.id);
  return {
    subject: { ...options, samples },
    measured,
    objectives: withErrorObjective({ objectives, expected: options.expected }, judgesErrors),
  };
}
