// Dependency rules, made from tools/rooms.json so that the table is the only place where an arrow is written.
// Run by tools/check; the report of a broken rule names the right door.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const table = JSON.parse(readFileSync(join(root, 'tools/rooms.json'), 'utf8'));
const rooms = Object.entries(table.rooms).filter(([, room]) => existsSync(join(root, room.path, 'package.json')));

const tests = '(\\.test\\.ts$|/test/|/testing/)';
const escape = (path) => path.replaceAll('.', '\\.');

/** Files that a door name stands for, from the `exports` of the room's package. */
function doorFiles(door) {
  const [name, ...sub] = door.split('/');
  const room = table.rooms[name];
  if (room === undefined) throw new Error(`rooms.json: no room is called ${name}`);
  const manifest = join(root, room.path, 'package.json');
  if (!existsSync(manifest)) return [];
  const exported = JSON.parse(readFileSync(manifest, 'utf8')).exports ?? {};
  const target = exported[sub.length === 0 ? '.' : `./${sub.join('/')}`];
  return typeof target === 'string' ? [`${room.path}/${target.slice(2)}`] : [];
}

const allDoors = rooms.flatMap(([name, room]) => {
  const exported = JSON.parse(readFileSync(join(root, room.path, 'package.json'), 'utf8')).exports ?? {};
  return Object.values(exported).map((target) => ({ name, file: `${room.path}/${target.slice(2)}` }));
});

const arrows = rooms.map(([name, room]) => {
  const allowed = room.mayImport.flatMap(doorFiles);
  return {
    name: `arrow-${name}`,
    severity: 'error',
    comment: `${room.path} may import ${room.mayImport.length === 0 ? 'nothing of ours' : room.mayImport.join(', ')} (tools/rooms.json). Use one of these doors, or put the code into the room that may.`,
    from: { path: `^${escape(room.path)}/`, pathNot: tests },
    to: {
      path: '^(packages|apps)/',
      pathNot: [`^${escape(room.path)}/`, ...allowed.map((file) => `^${escape(file)}$`)],
    },
  };
});

const throughDoors = {
  name: 'through-the-door',
  severity: 'error',
  comment: `A room is entered by the doors in its package.json: ${allDoors.map((door) => door.file).join(', ')}.`,
  from: { path: '^(packages|apps)/([^/]+)/' },
  to: { path: '^(packages|apps)/', pathNot: ['^$1/$2/', ...allDoors.map((door) => `^${escape(door.file)}$`)] },
};

const platformPaths = table.platformDoors.map((door) => `^${escape(door.path)}/`);
const pureRooms = rooms.filter(([, room]) => room.platform === 'pure');
const noNode = {
  name: 'pure-rooms-have-no-node',
  severity: 'error',
  comment:
    'This room is pure: no node:*, no DOM. What needs the platform goes behind a port (sdk), or into crypto/engine-node.',
  from: { path: pureRooms.map(([, room]) => `^${escape(room.path)}/src/`), pathNot: [tests, ...platformPaths] },
  to: { dependencyTypes: ['core'] },
};

const platformOnlyByDoor = table.platformDoors.map((door) => ({
  name: `platform-${door.path.split('/').at(-1)}`,
  severity: 'error',
  comment: `${door.path} names the platform; the rest of ${door.room} must not reach it. Take an Engine as an argument instead.`,
  from: { path: `^${escape(table.rooms[door.room].path)}/src/`, pathNot: [tests, `^${escape(door.path)}/`] },
  to: { path: `^${escape(door.path)}/` },
}));

const closed = table.closed.map((rule) => ({
  name: rule.name,
  severity: 'error',
  comment: `Not from here: ${rule.why}.`,
  from: { path: rule.from.map((path) => `^${escape(path)}`) },
  to: { path: rule.reaches.map((path) => `^${escape(path)}`), reachable: true },
}));

const testsOnly = rooms
  .filter(([, room]) => room.testsOnly)
  .map(([name, room]) => ({
    name: `tests-only-${name}`,
    severity: 'error',
    comment: `${room.path} is for tests. Code that ships must not import it.`,
    from: { path: '^(packages|apps)/', pathNot: [tests, `^${escape(room.path)}/`] },
    to: { path: `^${escape(room.path)}/` },
  }));

export default {
  forbidden: [
    ...arrows,
    throughDoors,
    noNode,
    ...platformOnlyByDoor,
    ...closed,
    ...testsOnly,
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Arrows point one way. Move what both need into a file of its own below them.',
      from: {},
      // A type is gone at run time, and what is loaded when a command is called is not there at the start.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
    },
    {
      name: 'not-declared',
      severity: 'error',
      comment: 'Declare the dependency in the package.json of the room that imports it.',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'not-resolvable',
      severity: 'error',
      comment: 'No such file or package.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/fixtures/|\\.build/|\\.tsbuild/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
