/** The last release's client at today's server, and today's client at the last release's server, by what they said. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseJson, parseRefusal, routeNamed } from '../../packages/protocol/src/wire/index.ts';
import { routeOf, readCalls, type RecordedCall } from './recorded-calls.ts';

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.calls.gz'));

interface AnySchema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, AnySchema>>;
  readonly item?: AnySchema;
  readonly wrapped?: AnySchema;
  readonly options?: readonly AnySchema[];
  readonly pipe?: readonly AnySchema[];
}

/** Where a value of an older program lacks a field that today's writes, or has one that today's does not know. */
function differences(schema: AnySchema, value: unknown, at = ''): readonly string[] {
  if (value === null || value === undefined) return [];
  if (schema.type === 'nullable' || schema.type === 'optional') return differences(schema.wrapped ?? schema, value, at);
  if (schema.type === 'array' && Array.isArray(value)) {
    return value.flatMap((each, place) => differences(schema.item ?? schema, each, `${at}[${place}]`));
  }
  if ((schema.type === 'variant' || schema.type === 'union') && schema.options !== undefined) {
    const each = schema.options.map((option) => differences(option, value, at));
    return each.find((found) => found.length === 0) ?? each[0] ?? [];
  }
  if (schema.type !== 'strict_object' || typeof value !== 'object') return [];
  const [known, there] = [Object.keys(schema.entries ?? {}), Object.keys(value)];
  const found = [
    ...known.filter((name) => !there.includes(name)).map((name) => `${at}.${name} is new`),
    ...there.filter((name) => !known.includes(name)).map((name) => `${at}.${name} is gone`),
  ];
  const fields = value as Readonly<Record<string, unknown>>;
  for (const name of known) found.push(...differences(schema.entries?.[name] ?? schema, fields[name], `${at}.${name}`));
  return found;
}

test('the calls of every release are there', () => {
  const changes = readFileSync(join(import.meta.dirname, '../../CHANGELOG.md'), 'utf8');
  const versions = [...changes.matchAll(/^## (\d+\.\d+\.\d+)/gm)].map(([, version]) => `${version}.calls.gz`);
  assert.deepEqual(files.toSorted(), versions.toSorted());
});

for (const file of files) {
  const calls = readCalls(join(import.meta.dirname, file));
  const release = file.replace('.calls.gz', '');
  const name = ({ route, status }: RecordedCall): string => `${route}, ${status}`;

  test(`what clients of ${release} asked is understood today, at the same place`, () => {
    for (const call of calls) {
      const found = routeOf(call.method, call.path);
      assert.equal(found, call.route, name(call));
      if (call.request === null || found === null) continue;
      const { request } = routeNamed(found);
      if (call.status === 200) assert.notEqual(parseJson(request, call.request), null, name(call));
      // And today's client sends nothing that a server of then does not know.
      assert.deepEqual(differences(request, JSON.parse(call.request)), [], name(call));
    }
  });

  test(`what servers of ${release} answered is understood today, and the other way round`, () => {
    let answers = 0;
    for (const call of calls) {
      const found = routeOf(call.method, call.path);
      if (call.answer === null || found === null) continue;
      if (call.status !== 200) {
        assert.notEqual(parseRefusal(call.answer), null, name(call));
        continue;
      }
      const { response } = routeNamed(found);
      assert.notEqual(parseJson(response, call.answer), null, name(call));
      assert.deepEqual(differences(response, JSON.parse(call.answer)), [], name(call));
      answers += 1;
    }
    assert.ok(answers > 30);
  });

  test(`nearly every route of ${release} is among them, and some refusals`, () => {
    assert.ok(new Set(calls.map(({ route }) => route)).size >= 50);
    assert.ok(calls.some(({ status }) => status !== 200));
  });
}

test('a field that is new, gone or of another place is found', () => {
  const [call] = readCalls(join(import.meta.dirname, files[0] ?? '')).filter(({ route }) => route === 'wellKnown');
  const { response } = routeNamed('wellKnown');
  const { domain, ...rest } = JSON.parse(call?.answer ?? '') as Record<string, unknown>;
  assert.deepEqual(differences(response, { domain, ...rest }), []);
  assert.deepEqual(differences(response, rest), ['.domain is new']);
  assert.deepEqual(differences(response, { ...rest, domain, other: 1 }), ['.other is gone']);
});
