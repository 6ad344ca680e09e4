import { isObject, type JsonObject } from '@perfkeel/core';
import type { McpClient } from '../client/mcp-client.ts';
import type { McpSubject } from '../subject.ts';

/** Everything that a server lists. */
export interface Inventory {
  readonly tools: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
  readonly resourceTemplates: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
}

/** One thing that is asked for again and again. */
export interface Item {
  readonly kind: 'resource' | 'tool' | 'prompt';
  readonly name: string;
  readonly method: string;
  readonly params: JsonObject;
}

/** What is left alone, and why. */
export interface LeftOut {
  readonly kind: Item['kind'];
  readonly name: string;
  readonly reason: string;
}

export interface Choice {
  readonly items: readonly Item[];
  readonly leftOut: readonly LeftOut[];
}

export async function takeInventory(client: McpClient): Promise<Inventory> {
  const { capabilities } = client.greeting;
  const list = (what: keyof Inventory, by: string): Promise<readonly JsonObject[]> =>
    capabilities[by] === undefined ? Promise.resolve([]) : client.list(what);
  const resources = await list('resources', 'resources');
  const resourceTemplates = await list('resourceTemplates', 'resources');
  return {
    tools: await list('tools', 'tools'),
    resources,
    resourceTemplates,
    prompts: await list('prompts', 'prompts'),
  };
}

/**
 * What is measured of what a server has. A tool is called when the options give it arguments; of all others only one that
 * declares itself `readOnlyHint`, is not declared destructive, and needs no arguments.
 */
export function chooseItems(inventory: Inventory, subject: McpSubject): Choice {
  const parts = [resourceItems(inventory, subject), toolItems(inventory, subject), promptItems(inventory, subject)];
  return { items: parts.flatMap(({ items }) => items), leftOut: parts.flatMap(({ leftOut }) => leftOut) };
}

function resourceItems({ resources }: Inventory, subject: McpSubject): Choice {
  const wanted = subject.resources ?? resources.map(({ uri }) => String(uri));
  const items = wanted.map((uri) => ({
    kind: 'resource' as const,
    name: uri,
    method: 'resources/read',
    params: { uri },
  }));
  return { items, leftOut: [] };
}

export const toolItem = (name: string, args: JsonObject = {}): Item => ({
  kind: 'tool',
  name,
  method: 'tools/call',
  params: { name, arguments: args },
});

function toolItems({ tools }: Inventory, subject: McpSubject): Choice {
  const configured = Object.entries(subject.tools ?? {}).map(([name, args]) => toolItem(name, args));
  const others = tools.filter(({ name }) => subject.tools?.[String(name)] === undefined);
  const judged = others.map((tool) => ({ name: String(tool['name']), reason: whyNotCalled(tool) }));
  return {
    items: [
      ...configured,
      ...judged.filter(({ reason }) => reason === undefined).map(({ name }) => toolItem(name, {})),
    ],
    leftOut: judged.flatMap(({ name, reason }) =>
      reason === undefined ? [] : [{ kind: 'tool' as const, name, reason }],
    ),
  };
}

function whyNotCalled({ annotations, inputSchema }: JsonObject): string | undefined {
  const hints = isObject(annotations) ? annotations : {};
  if (hints['readOnlyHint'] !== true) {
    return hints['destructiveHint'] === true ? 'declares itself destructive' : 'does not declare itself read-only';
  }
  // The specification gives the hint a meaning only for tools that write: both together contradict each other.
  if (hints['destructiveHint'] === true) return 'declares itself destructive';
  const required = isObject(inputSchema) ? inputSchema['required'] : undefined;
  return Array.isArray(required) && required.length > 0 ? `needs ${required.join(', ')}` : undefined;
}

function promptItems({ prompts }: Inventory, subject: McpSubject): Choice {
  const needs = ({ arguments: listed }: JsonObject): string[] =>
    Array.isArray(listed)
      ? listed.filter((one) => isObject(one) && one['required'] === true).map((one: JsonObject) => String(one['name']))
      : [];
  const item = (name: string, args: JsonObject): Item => ({
    kind: 'prompt',
    name,
    method: 'prompts/get',
    params: { name, arguments: args },
  });
  const configured = Object.entries(subject.prompts ?? {}).map(([name, args]) => item(name, args));
  const others = prompts.filter(({ name }) => subject.prompts?.[String(name)] === undefined);
  return {
    items: [
      ...configured,
      ...others.filter((one) => needs(one).length === 0).map(({ name }) => item(String(name), {})),
    ],
    leftOut: others
      .filter((one) => needs(one).length > 0)
      .map((one) => ({ kind: 'prompt', name: String(one['name']), reason: `needs ${needs(one).join(', ')}` })),
  };
}
