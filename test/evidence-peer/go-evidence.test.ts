import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { EQUIVOCATIONS } from '../../packages/sdk/test/key-log-runs/equivocations.ts';
import { LyingWorld } from '../../packages/sdk/test/key-log-runs/lying-world.ts';
import { evidenceFile } from '../../packages/sdk/src/directory/key-log/evidence.ts';
import { buildGo } from '../../packages/tlog/test/build-go.ts';
import {
  ed25519NoteType,
  formatVerifierKey,
  parseCheckpoint,
  parseNote,
  verifierKey,
} from '../../packages/tlog/src/index.ts';

interface EvidenceText {
  readonly reason: string;
  readonly log: { readonly ed25519: string };
  readonly previous: { readonly checkpoint: string };
  readonly answer: { readonly head: { readonly indexCheckpoint: string } };
}

test('Go’s sumdb/note finds both heads of a fork signed by the log, and no changed one', async (t) => {
  const built = buildGo(t, 'go-note');
  if ('missing' in built) return t.skip(built.missing);
  const open = (key: string, note: string): { status: number | null; text: string } => {
    const { status, stdout } = spawnSync(built.program, ['open', key], { input: note, encoding: 'utf8' });
    return { status, text: stdout };
  };

  const world = await LyingWorld.begin('alone');
  const [alice, bob] = world.owners;
  const [reader] = world.readers;
  assert.ok(alice !== undefined && bob !== undefined && reader !== undefined);
  await reader.ask(alice);
  const fork = EQUIVOCATIONS.find(({ name }) => name === 'fork of the same size');
  assert.match((await reader.lied(bob, (await fork?.tell(world, bob)) ?? null)).words, /index_forked$/);
  const body = [...reader.vault.bodies.values()].find(({ kind }) => kind === 'evidence');
  assert.ok(body !== undefined);
  const evidence = JSON.parse(Buffer.from(evidenceFile(body)).toString()) as EvidenceText;
  assert.equal(evidence.reason, 'index_forked');

  const notes = [evidence.previous.checkpoint, evidence.answer.head.indexCheckpoint];
  const heads = notes.map((note) => {
    const { origin } = parseCheckpoint(parseNote(Buffer.from(note)).text);
    const publicKey = new Uint8Array(Buffer.from(evidence.log.ed25519, 'base64url'));
    const key = formatVerifierKey(verifierKey(origin, ed25519NoteType, publicKey));
    const opened = open(key, note);
    assert.equal(opened.status, 0);
    assert.equal(
      open(
        key,
        note.replace(/\n(\d+)\n/, (_all, size: string) => `\n${Number(size) + 1}\n`),
      ).status,
      1,
    );
    return opened.text.split('\n');
  });
  const [[origin, size, root] = [], [otherOrigin, otherSize, otherRoot] = []] = heads;
  assert.deepEqual([origin, size], [otherOrigin, otherSize]);
  assert.notEqual(root, otherRoot);
});
