/** What this tool reads of a room's package.json. */
export interface RoomManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly private?: boolean;
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The compiled place of a source: `./src/sign.ts` → `dist/sign.js`. @throws Error where it is not a source of ours. */
export function compiledPath(source: string): string {
  const inside = /^(?:\.\/)?src\/(.+)\.ts$/.exec(source)?.[1];
  if (inside === undefined) throw new Error(`${source} is not src/….ts`);
  return `dist/${inside}.js`;
}

/** The package.json that is packed: doors lead to what was compiled, and nothing of development is left. */
export function packedManifest(room: RoomManifest): object {
  const { bin } = room;
  // As in stage-room.ts: what a command exports is for tests in this repository.
  const doors = bin === undefined ? room.exports : undefined;
  return {
    name: room.name,
    version: room.version,
    description: room.description,
    license: room.license,
    type: 'module',
    ...(room.engines && { engines: room.engines }),
    ...(doors && {
      exports: Object.fromEntries(Object.entries(doors).map(([door, source]) => [door, packedDoor(source)])),
    }),
    ...(bin && { bin }),
    files: bin === undefined ? ['dist'] : ['bin', 'dist'],
    ...(room.dependencies && { dependencies: room.dependencies }),
    ...(room.optionalDependencies && { optionalDependencies: room.optionalDependencies }),
  };
}

function packedDoor(source: string): object {
  const script = `./${compiledPath(source)}`;
  return { types: script.replace(/\.js$/, '.d.ts'), default: script };
}
