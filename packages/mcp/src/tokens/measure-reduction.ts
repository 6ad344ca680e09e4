import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PerfError, type Tokenizer } from '@perfkeel/core';
import { connectMcp } from '../client/connect.ts';
import type { McpClient } from '../client/mcp-client.ts';
import type { McpServer } from '../server.ts';
import { contextCost } from './context-cost.ts';
import { o200k } from './tokenizer.ts';
import { captureStep, nameOf, type CapturedStep, type Workflow, type WorkflowStep } from './workflow.ts';

export interface ReductionSubject {
  readonly server: McpServer;
  readonly workflows: readonly Workflow[];
  /** Folder of the files of baselines. @default the current folder */
  readonly cwd?: string | undefined;
  /**
   * JSON file that keeps the baseline: written when it is not there, replayed afterwards, so that the files themselves may
   * go. While they exist and differ from what was captured, nothing is concluded.
   */
  readonly capture?: string | undefined;
  /** @default `o200k_base` */
  readonly tokenizer?: Tokenizer | undefined;
}

/** One workflow, both ways. `reduction` is a share: negative when the server costs more. */
export interface WorkflowCost {
  readonly name: string;
  readonly baseline: readonly CapturedStep[];
  readonly mcp: readonly CapturedStep[];
  /** Tokens that enter the context, each once. */
  readonly payload: { readonly baseline: number; readonly mcp: number; readonly reduction: number };
  /**
   * Tokens sent over the conversation when every turn sends again what came before; the tools of the server, which a host
   * sends with every turn, included.
   */
  readonly context: { readonly baseline: number; readonly mcp: number; readonly reduction: number };
}

export interface Reduction {
  readonly encoding: string;
  readonly workflows: readonly WorkflowCost[];
  readonly payload: WorkflowCost['payload'];
  readonly context: WorkflowCost['context'];
  /** Steps of the baseline whose text is no longer what was captured. */
  readonly stale: readonly string[];
}

interface BaselineFile {
  readonly version: 1;
  readonly encoding: string;
  readonly workflows: Readonly<Record<string, readonly CapturedStep[]>>;
}

/**
 * Counts the tokens of workflows with and without a server. Deterministic: the same texts give the same counts.
 *
 * @throws PerfError `workflow-step` when a step fails, `bad-baseline` when the captured file is of something else
 */
export async function measureReduction(subject: ReductionSubject): Promise<Reduction> {
  const { cwd = process.cwd(), workflows } = subject;
  const tokenizer = subject.tokenizer ?? (await o200k());
  const { captured, stale } = await baselineOf(subject, cwd, tokenizer);
  const client = await connectMcp(subject.server);
  try {
    const tools = client.greeting.capabilities['tools'] === undefined ? [] : await client.list('tools');
    const fixed = contextCost(tools, client.greeting.instructions, tokenizer).total;
    const costs: WorkflowCost[] = [];
    for (const { name, mcp } of workflows) {
      const steps = await captureSteps(mcp, { client, cwd, tokenizer });
      costs.push(costOf(name, captured[name]!, steps, fixed));
    }
    const sum = (of: 'payload' | 'context', side: 'baseline' | 'mcp'): number =>
      costs.reduce((total, cost) => total + cost[of][side], 0);
    const both = (of: 'payload' | 'context') => pair(sum(of, 'baseline'), sum(of, 'mcp'));
    return { encoding: tokenizer.id, workflows: costs, payload: both('payload'), context: both('context'), stale };
  } finally {
    await client.close();
  }
}

const pair = (baseline: number, mcp: number): WorkflowCost['payload'] => ({
  baseline,
  mcp,
  reduction: baseline === 0 ? 0 : 1 - mcp / baseline,
});

function costOf(
  name: string,
  baseline: readonly CapturedStep[],
  mcp: readonly CapturedStep[],
  fixed: number,
): WorkflowCost {
  return {
    ...{ name, baseline, mcp },
    payload: pair(unique(baseline), unique(mcp)),
    context: pair(resent(baseline, 0), resent(mcp, fixed)),
  };
}

/** The same text twice in one workflow is one text. */
const unique = (steps: readonly CapturedStep[]): number =>
  [...new Map(steps.map(({ hash, tokens }) => [hash, tokens])).values()].reduce((sum, tokens) => sum + tokens, 0);

function resent(steps: readonly CapturedStep[], fixed: number): number {
  let [history, total] = [0, 0];
  for (const { tokens } of steps) {
    history += tokens;
    total += history + fixed;
  }
  return total;
}

type Hands = { readonly client: McpClient | undefined; readonly cwd: string; readonly tokenizer: Tokenizer };

async function captureSteps(steps: readonly WorkflowStep[], hands: Hands): Promise<readonly CapturedStep[]> {
  const captured: CapturedStep[] = [];
  for (const step of steps) captured.push(await captureStep(step, hands));
  return captured;
}

async function baselineOf(
  { workflows, capture }: ReductionSubject,
  cwd: string,
  tokenizer: Tokenizer,
): Promise<{ captured: Readonly<Record<string, readonly CapturedStep[]>>; stale: readonly string[] }> {
  const file = capture === undefined ? undefined : resolve(cwd, capture);
  const kept = file !== undefined && existsSync(file) ? readBaseline(await readFile(file, 'utf8'), file) : undefined;
  const captured: Record<string, readonly CapturedStep[]> = {};
  const stale: string[] = [];
  for (const { name, baseline } of workflows) {
    const old = kept?.encoding === tokenizer.id ? kept.workflows[name] : undefined;
    if (kept !== undefined && old === undefined) stale.push(`${name}: not in the captured baseline`);
    captured[name] = old ?? (await captureSteps(baseline, { client: undefined, cwd, tokenizer }));
    if (old !== undefined) stale.push(...(await changes(name, baseline, old, cwd, tokenizer)));
  }
  const text = `${JSON.stringify({ version: 1, encoding: tokenizer.id, workflows: captured }, undefined, 2)}\n`;
  if (file !== undefined && kept === undefined) await writeFile(file, text);
  return { captured, stale };
}

async function changes(
  name: string,
  steps: readonly WorkflowStep[],
  old: readonly CapturedStep[],
  cwd: string,
  tokenizer: Tokenizer,
): Promise<readonly string[]> {
  if (steps.map(nameOf).join('\n') !== old.map(({ what }) => what).join('\n')) return [`${name}: other steps`];
  const changed: string[] = [];
  for (const [at, step] of steps.entries()) {
    // A replay needs no files: only what is still there can differ.
    if ('file' in step && !existsSync(resolve(cwd, step.file))) continue;
    const { hash } = await captureStep(step, { client: undefined, cwd, tokenizer });
    if (hash !== old[at]!.hash) changed.push(`${name}: ${nameOf(step)}`);
  }
  return changed;
}

function readBaseline(text: string, file: string): BaselineFile {
  try {
    const parsed = JSON.parse(text) as BaselineFile;
    if (parsed.version === 1 && typeof parsed.workflows === 'object') return parsed;
  } catch {
    // Said below.
  }
  throw new PerfError(`${file} is no captured baseline`, {
    code: 'bad-baseline',
    hint: 'Delete it: the next run captures it again.',
  });
}
