import type { NxJsonConfiguration } from '@nx/devkit';
import { pluginNames, type PerfPluginOptions } from '../options.ts';

type Plugin = NonNullable<NxJsonConfiguration['plugins']>[number];

const isOwn = (plugin: Plugin): boolean => pluginNames.includes(typeof plugin === 'string' ? plugin : plugin.plugin);

/** The same nx.json with this plugin in it, once. */
export const withPlugin = (nxJson: NxJsonConfiguration): NxJsonConfiguration =>
  nxJson.plugins?.some(isOwn) ? nxJson : { ...nxJson, plugins: [...(nxJson.plugins ?? []), '@perfkeel/nx'] };

/** What nx.json says to this plugin. */
export function registeredOptions(nxJson: NxJsonConfiguration | null): PerfPluginOptions | undefined {
  const entry = nxJson?.plugins?.find(isOwn);
  return typeof entry === 'object' ? (entry.options as PerfPluginOptions | undefined) : undefined;
}
