/** Fields of a package.json that decide nothing about what is executed. */
const inert = new Set([
  ...['name', 'version', 'description', 'keywords', 'license', 'author', 'contributors', 'maintainers', 'funding'],
  ...['repository', 'bugs', 'homepage', 'private', 'files', 'publishConfig', 'packageManager', 'engines', 'man'],
  ...['scripts', 'devDependencies', 'nx', 'workspaces', 'allowScripts', 'types', 'typings', 'typesVersions'],
  ...['eslintConfig', 'prettier', 'jest', 'vitest', 'lint-staged', 'husky', 'commitlint', 'c8', 'nyc', 'ava', 'mocha'],
]);
/** What a lock file settles. */
const locked = new Set([
  ...['dependencies', 'optionalDependencies', 'peerDependencies', 'peerDependenciesMeta', 'bundleDependencies'],
  ...['bundledDependencies', 'overrides', 'resolutions', 'pnpm', 'dependenciesMeta'],
]);
const buildScripts = ['prebuild', 'build', 'postbuild', 'prepare'];

type Fields = Readonly<Record<string, unknown>>;

/**
 * The fields that differ and that matter to what is executed.
 *
 * @param hasLock a lock file settles which packages there are
 * @param isBuilt built output is executed, so that the script which makes it matters
 */
export function changedFields(
  before: string | undefined,
  after: string | undefined,
  { hasLock, isBuilt }: { readonly hasLock: boolean; readonly isBuilt: boolean },
): string[] {
  const [old, fresh] = [parse(before), parse(after)];
  if (old === undefined || fresh === undefined) return ['everything'];
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const differing = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter(
    (field) => !same(old[field], fresh[field]),
  );
  const fields = differing.filter((field) => !inert.has(field) && !(hasLock && locked.has(field)));
  const script = (all: Fields, name: string): unknown => (all['scripts'] as Fields | undefined)?.[name];
  const scripts = buildScripts.filter((name) => !same(script(old, name), script(fresh, name)));
  return [...fields, ...(isBuilt ? scripts.map((name) => `scripts.${name}`) : [])];
}

function parse(text: string | undefined): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}
