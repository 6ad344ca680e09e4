/** What a workspace may write beside the plugin in nx.json. */
export interface PerfPluginOptions {
  /** The name of the inferred target. @default 'perf' */
  readonly targetName?: string;
}

/** Every form under which nx.json can name this plugin: the package, or its smaller entry point. */
export const pluginNames: readonly string[] = ['@perfkeel/nx', '@perfkeel/nx/plugin'];

/**
 * The name of the inferred target.
 *
 * @throws Error when the option is not a name, because Nx would otherwise show a target that nobody can run.
 */
export function targetNameOf(options: PerfPluginOptions | undefined): string {
  const name: unknown = options?.targetName ?? 'perf';
  if (typeof name === 'string' && name.trim() !== '') return name;
  throw new Error(
    `@perfkeel/nx: targetName is ${JSON.stringify(name)}, expected the name of a target. ` +
      'Correct it in the plugin\'s options in nx.json, or leave it out for "perf".',
  );
}
