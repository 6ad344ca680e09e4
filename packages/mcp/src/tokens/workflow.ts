import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PerfError, type JsonObject, type Tokenizer } from '@perfkeel/core';
import type { McpClient } from '../client/mcp-client.ts';
import { resultText } from './context-cost.ts';

/** Something that enters the context of a model. */
export type WorkflowStep =
  | { readonly file: string }
  | { readonly text: string }
  | { readonly resource: string }
  | { readonly tool: string; readonly args?: JsonObject }
  | { readonly prompt: string; readonly args?: JsonObject };

/** One piece of work, done in two ways. */
export interface Workflow {
  readonly name: string;
  /** Without the server: the files and texts that a model is given. */
  readonly baseline: readonly WorkflowStep[];
  /** With the server. */
  readonly mcp: readonly WorkflowStep[];
}

/** A step that was carried out: what a replay needs, and nothing else. */
export interface CapturedStep {
  readonly what: string;
  /** Tokens that enter the context; of a call, what was sent and what came back. */
  readonly tokens: number;
  /** SHA-256 of the text, so that a change of it is noticed. */
  readonly hash: string;
}

/**
 * Carries out one step.
 *
 * @throws PerfError `workflow-step` when a file cannot be read, or the server fails the request: a failed result is
 * short, and would look like a saving
 */
export async function captureStep(
  step: WorkflowStep,
  {
    client,
    cwd,
    tokenizer,
  }: { readonly client: McpClient | undefined; readonly cwd: string; readonly tokenizer: Tokenizer },
): Promise<CapturedStep> {
  const text = await textOf(step, client, cwd);
  const hash = createHash('sha256').update(text).digest('hex');
  return { what: nameOf(step), tokens: tokenizer.count(text), hash };
}

export function nameOf(step: WorkflowStep): string {
  if ('file' in step) return `file ${step.file}`;
  if ('text' in step) return 'text';
  if ('resource' in step) return `resource ${step.resource}`;
  const args = step.args === undefined ? '' : ` ${JSON.stringify(step.args)}`;
  return 'tool' in step ? `tool ${step.tool}${args}` : `prompt ${step.prompt}${args}`;
}

async function textOf(step: WorkflowStep, client: McpClient | undefined, cwd: string): Promise<string> {
  if ('text' in step) return step.text;
  if ('file' in step) {
    return readFile(resolve(cwd, step.file), 'utf8').catch((cause: unknown) => {
      throw failed(step, `cannot be read: ${(cause as Error).message}`);
    });
  }
  if (client === undefined) throw failed(step, 'needs a server, and a baseline has none');
  const answer =
    'resource' in step
      ? await client.readResource(step.resource)
      : 'tool' in step
        ? await client.callTool(step.tool, step.args)
        : await client.getPrompt(step.prompt, step.args);
  if (answer.outcome !== 'ok') throw failed(step, `failed with ${answer.outcome}: ${answer.error?.message}`);
  // A model writes the call before it reads the result: both are in its context.
  const asked = 'tool' in step ? `${JSON.stringify({ name: step.tool, arguments: step.args ?? {} })}\n` : '';
  return asked + resultText(answer.result);
}

const failed = (step: WorkflowStep, how: string): PerfError =>
  new PerfError(`${nameOf(step)} ${how}`, {
    code: 'workflow-step',
    hint: 'Make every step of every workflow work first: what failed costs few tokens, and saves none.',
  });
