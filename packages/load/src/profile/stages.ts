import { nanos } from '@perfkeel/core';
import { constant, type Level, type Phase } from './phase.ts';
import { parseStage, refuseStage, stageForms, stageNames, unrecorded, type ParsedStage } from './stage.ts';

/** What a list of stages says: the phases, and of what their levels are. */
export interface Stages {
  readonly model: 'open' | 'closed';
  readonly phases: readonly Phase[];
}

const mostStages = 64;

/**
 * Reads stages.
 *
 * @throws PerfError `bad-stage`, exit code 2, with the stage as `excerpt`.
 */
export function parseStages(stages: readonly string[]): Stages {
  if (!Array.isArray(stages) || stages.length === 0) {
    refuseStage(
      'stages need a list of at least one',
      "Write stages: ['ramp to 300/s over 1m', 'hold 300/s for 5m'].",
      'stages',
    );
  }
  if (stages.length > mostStages) {
    refuseStage(
      `${stages.length} stages are more than ${mostStages}`,
      'Put the stages of one purpose together.',
      'stages',
    );
  }
  const parsed = stages.map((text) => parseStage(text as unknown));
  const model = modelOf(parsed);
  if (parsed.every(({ verb }) => unrecorded.has(verb))) {
    refuseStage('nothing of these stages is measured', `Add one that is. ${stageForms}`, parsed[0]!.text);
  }
  return { model, phases: phasesOf(parsed) };
}

function modelOf(parsed: readonly ParsedStage[]): Stages['model'] {
  const withLevel = parsed.filter(({ model }) => model !== undefined);
  const stranger = withLevel.find(({ model }) => model !== withLevel[0]!.model);
  if (stranger !== undefined) {
    refuseStage(
      `the stages ${JSON.stringify(withLevel[0]!.text)} and ${JSON.stringify(stranger.text)} are of two models`,
      'Rates send whether or not answers come, clients wait for them: make two loads of it.',
      stranger.text,
    );
  }
  return withLevel[0]?.model ?? 'open';
}

function phasesOf(parsed: readonly ParsedStage[]): readonly Phase[] {
  const taken = new Set<string>();
  let before = 0;
  return parsed.map(({ text, name, verb, amount, duration }) => {
    const level: Level = verb === 'ramp to' ? { from: before, to: amount } : constant(amount);
    if (verb === 'ramp to' && before === 0 && amount === 0) {
      refuseStage(`the stage ${JSON.stringify(text)} ramps from nothing to nothing`, "Write 'rest for 10s'.", text);
    }
    if (verb === 'ramp to' && before === amount) {
      refuseStage(
        `the stage ${JSON.stringify(text)} ramps from a level to itself`,
        "Write 'hold … for …', or another level.",
        text,
      );
    }
    before = amount;
    const phase = uniqueName(name ?? stageNames[verb], taken);
    if (name !== undefined && phase !== name) {
      refuseStage(`two stages are called ${JSON.stringify(name)}`, 'Give each its own name.', text);
    }
    return { name: phase, duration: nanos(duration), level, record: !unrecorded.has(verb) };
  });
}

function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let n = 2; taken.has(unique); n++) unique = `${name}-${n}`;
  taken.add(unique);
  return unique;
}
