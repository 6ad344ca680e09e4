/** What a user writes in `perf.config.ts`. Everything has a default. */
export interface PerfConfig {
  /** The name of the project in reports. @default the name in package.json, or the folder's */
  readonly name?: string;
  /** Globs of perf files, relative to the config file. @default ['**\/*.perf.{ts,mts,cts,tsx,js,mjs,cjs,jsx}'] */
  readonly include?: readonly string[];
  /** Globs never looked into, besides node_modules, dist and hidden folders. */
  readonly exclude?: readonly string[];
  /**
   * Where runs are kept: a folder, relative to the config file, or somewhere that a team shares: `git:origin`,
   * `postgres://host/database`, `s3://bucket/prefix`. @default '.perf'
   */
  readonly store?: string;
  /** Export conditions for bundling perf files, such as a workspace's own source condition. */
  readonly conditions?: readonly string[];
  /** How far past its limit an objective may be. @default { warn: '0%', fail: '0%' } */
  readonly tolerance?: { readonly warn?: `${number}%`; readonly fail?: `${number}%` };
  /** What counts as a change between two runs. @default { warn: '5%', fail: '10%' } */
  readonly compare?: CompareConfig;
  /** How long one round of one benchmark may take, beyond what it lasts by its own plan. @default '5m' */
  readonly roundTimeout?: `${number}${'ms' | 's' | 'm' | 'h'}`;
}

/** How two runs are held against each other. */
export interface CompareConfig {
  /** What is compared with when nothing is named. @default 'main' */
  readonly against?: string;
  /** The smallest change that matters. @default '5%' */
  readonly warn?: `${number}%`;
  /** From here on a change for the worse fails. @default '10%' */
  readonly fail?: `${number}%`;
  /** Other limits for some metrics of some benchmarks; the last one that fits holds. */
  readonly rules?: readonly CompareRule[];
}

/** Limits for some comparisons. What is left out is as in `compare`. */
export interface CompareRule {
  /** Names of benchmarks; `*` stands for any text. @default all */
  readonly benchmark?: string;
  /** Ids of metrics; `*` stands for any text. @default all */
  readonly metric?: string;
  readonly warn?: `${number}%`;
  readonly fail?: `${number}%`;
}

/** Gives a config file its types and returns it unchanged. */
export const defineConfig = (config: PerfConfig): PerfConfig => config;
