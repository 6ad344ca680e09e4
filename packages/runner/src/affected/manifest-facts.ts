/** What package.json files say that a yarn.lock leaves out; folders are from that of the lock file. */
export interface ManifestFacts {
  /** The folder of a package of the workspace. */
  folderOf(name: string): string | undefined;
  /** How a package of the workspace asks for another one. */
  rangeOf(folder: string, name: string): string | undefined;
  runtime(folder: string): readonly string[];
  /** With what is there for development. */
  declared(folder: string): readonly string[];
  /** What an installed package expects beside itself. */
  peersOf(name: string): readonly string[];
}

type Ranges = Readonly<Record<string, string>>;

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
  readonly peerDependencies?: Ranges;
}

/**
 * @param folders those of all packages of the workspace
 * @param read the text of a package.json in a folder
 */
export function manifestFacts(folders: readonly string[], read: (folder: string) => string | undefined): ManifestFacts {
  const known = new Map<string, Manifest>();
  const of = (folder: string): Manifest => {
    const manifest = known.get(folder) ?? parse(read(folder));
    known.set(folder, manifest);
    return manifest;
  };
  const runtime = (folder: string): Ranges => {
    const { dependencies, optionalDependencies, peerDependencies } = of(folder);
    return { ...peerDependencies, ...optionalDependencies, ...dependencies };
  };
  const all = (folder: string): Ranges => ({ ...of(folder).devDependencies, ...runtime(folder) });
  return {
    folderOf: (name) => folders.find((folder) => of(folder).name === name),
    rangeOf: (folder, name) =>
      folders.includes(folder) && Object.hasOwn(all(folder), name) ? all(folder)[name] : undefined,
    runtime: (folder) => Object.keys(runtime(folder)),
    declared: (folder) => Object.keys(all(folder)),
    peersOf: (name) => Object.keys(of(`node_modules/${name}`).peerDependencies ?? {}),
  };
}

function parse(text: string | undefined): Manifest {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
