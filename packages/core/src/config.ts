/** What a user writes in `perf.config.ts`. Everything has a default. */
export interface PerfConfig {
  /** The name of the project in reports. @default the name in package.json, or the folder's */
  readonly name?: string;
  /** Globs of perf files, relative to the config file. @default ['**\/*.perf.{ts,mts,js,mjs}'] */
  readonly include?: readonly string[];
  /** Globs never looked into, besides node_modules, dist and hidden folders. */
  readonly exclude?: readonly string[];
  /** The folder of results, relative to the config file. @default '.perf' */
  readonly store?: string;
  /** Export conditions for bundling perf files, such as a workspace's own source condition. */
  readonly conditions?: readonly string[];
  /** How far past its limit an objective may be. @default { warn: '0%', fail: '0%' } */
  readonly tolerance?: { readonly warn?: `${number}%`; readonly fail?: `${number}%` };
  /** What counts as a change between two runs. @default { warn: '5%', fail: '10%' } */
  readonly compare?: { readonly against?: string; readonly warn?: `${number}%`; readonly fail?: `${number}%` };
  /** How long one round of one benchmark may take, beyond what it lasts by its own plan. @default '5m' */
  readonly roundTimeout?: `${number}${'ms' | 's' | 'm' | 'h'}`;
}

/** Gives a config file its types and returns it unchanged. */
export const defineConfig = (config: PerfConfig): PerfConfig => config;
