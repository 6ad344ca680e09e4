import { formatQuantity, type Warning } from '@perfkeel/core';
import { requestsOf, tookTooLong } from './ask-items.ts';
import { cacheDiagnosis } from './cache-diagnosis.ts';
import { everythingAsked } from './everything-asked.ts';
import type { McpResult } from './measure-mcp.ts';
import { probeWarnings } from './probe-measurements.ts';

type Remark = readonly [code: string, message: string | false | undefined];

/** What keeps the numbers of a round from being believed, or should be known beside them. */
export function mcpWarnings(result: McpResult): readonly Warning[] {
  const { measured, sent } = result;
  const mismatch = `${measured} requests were measured, but ${sent} left this process`;
  const remarks: readonly Remark[] = [...listRemarks(result), ...askedRemarks(result), ...serverRemarks(result)];
  return [
    ...(measured === sent ? [] : [{ code: 'wire-mismatch', message: mismatch, forbids: 'verdict' as const }]),
    ...remarks.flatMap(([code, message]) => (typeof message === 'string' ? [{ code, message }] : [])),
    ...cacheDiagnosis(result),
    ...probeWarnings(result),
    ...failureWarnings(result),
  ];
}

const listWords = {
  ...{ tools: 'tools', resources: 'resources', resourceTemplates: 'resource templates', prompts: 'prompts' },
} as const;

/** What was not understood of what the server lists. */
function listRemarks({ incomplete, context }: McpResult): readonly Remark[] {
  const [first, ...others] = context.tools.filter(({ tooDeep }) => tooDeep === true);
  const more = others.length === 0 ? '' : `, nor those of ${others.length} others`;
  return [
    ...incomplete.map(({ list, seen, reason }): Remark => [
      'incomplete-list',
      seen === 0
        ? `the list of ${listWords[list]} did not come: ${reason}`
        : `of the list of ${listWords[list]} the first ${seen} are known: ${reason}`,
    ]),
    [
      'too-deep',
      first && `the schema of ${first.name} is nested too deeply to be written: its tokens are not counted${more}`,
    ],
  ];
}

function askedRemarks(result: McpResult): readonly Remark[] {
  const { measured, warm, samples } = result;
  const cut = warm.filter((one) => requestsOf(one) < samples && one.gone !== true && !tookTooLong(one)).length;
  return [
    [
      'nothing-asked',
      measured === 0 &&
        'nothing was asked: the server has no resources, and no tool or prompt that may be called by itself; name a tool with its arguments',
    ],
    [
      'cut-short',
      cut > 0 &&
        `${cut} of ${warm.length} were asked for fewer than ${samples} times: all together are given half a minute`,
    ],
    ['server-gone', everythingAsked(result).some(({ gone }) => gone) && 'the server ended while it was measured'],
  ];
}

/** Messages of its own beside an answer, and characters on stderr, that disturb nothing. */
const usualUnasked = 20;
const usualAside = 1e6;

function serverRemarks({ odd, strange, sent }: McpResult): readonly Remark[] {
  const { unasked = 0, saidAside = 0 } = odd;
  return [
    ['strange-output', strange > 0 && `the server sent ${strange} texts that are no message, the first "${odd.text}"`],
    ['unasked-answer', odd.id !== undefined && `the server answered the id ${odd.id}, which was never sent`],
    [
      'many-messages',
      unasked > usualUnasked * (sent + usualUnasked) &&
        `the server sent ${unasked} messages that nobody asked for: to read them is part of every time`,
    ],
    ['much-stderr', saidAside > usualAside && `the server wrote ${formatQuantity(saidAside, 'B')} to stderr`],
  ];
}

function failureWarnings(result: McpResult): readonly Warning[] {
  const failed = everythingAsked(result).filter(({ failure }) => failure !== undefined);
  const [first] = failed;
  if (first === undefined) return [];
  const { kind, name } = first.item;
  const others = new Set(failed.map(({ item }) => `${item.kind} ${item.name}`)).size - 1;
  const more = others === 0 ? '' : ` (${others} more failed)`;
  return [{ code: 'some-failed', message: `${kind} ${name}: ${first.failure}${more}` }];
}
