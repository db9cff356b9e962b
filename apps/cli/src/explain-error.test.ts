import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CliError, usageError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { explainError, explanations } from './explain-error.ts';

const rooms = ['protocol', 'crypto', 'mime', 'sdk', 'host-node'];

/** The codes as their rooms list them; the types are gone at run time. */
function listedCodes(): readonly string[] {
  return rooms.flatMap((room) => {
    const text = readFileSync(new URL(`../../../packages/${room}/src/errors.ts`, import.meta.url), 'utf8');
    const code = text.replace(/\/\*\*.*?\*\//gs, '');
    const union = /ErrorCode =([^;]*);/.exec(code)?.[1] ?? '';
    return [...union.matchAll(/'([a-z0-9_]+)'/g)].map(([, code]) => code ?? '');
  });
}

describe('the table of foreign errors', () => {
  it('explains every code of protocol, crypto, mime, sdk and host-node, and no others', () => {
    assert.ok(listedCodes().length > 20);
    assert.deepEqual(Object.keys(explanations).toSorted(), [...new Set(listedCodes())].toSorted());
  });
  it('gives sentences without a full stop, which the reporter adds', () => {
    for (const [, message, advice] of Object.values(explanations)) {
      assert.doesNotMatch(`${message ?? ''}\n${advice}`, /\.$/m);
    }
  });
});

describe('explaining', () => {
  const withCode = (code: string, message = 'x.'): Error => Object.assign(new Error(message), { code });
  it('keeps the words of our own errors', () => {
    const { exitCode, code, message, advice } = explainError(usageError('Wrong', 'Do it right'));
    assert.deepEqual([exitCode, code, message, advice], [2, 'arguments_wrong', 'Wrong', 'Do it right']);
  });
  it('tells damage, passphrase and system apart', () => {
    assert.equal(explainError(withCode('payload_damaged')).exitCode, 5);
    assert.equal(explainError(withCode('passphrase_wrong')).exitCode, 4);
    assert.equal(explainError(withCode('recipients_mixed')).exitCode, 7);
    assert.equal(explainError(withCode('ENOSPC')).exitCode, 6);
  });
  it('takes the message from errors that name a file, without what a terminal would obey', () => {
    assert.equal(explainError(withCode('file_not_found', 'No \u001b[2Jfile.')).message, 'No ?[2Jfile');
  });
  it('names who cannot be written to, and why', () => {
    const recipients = [
      { address: 'bob@localhost', outcome: 'unknown' },
      { address: 'carol@localhost', outcome: 'changed', reason: 'chain_broken' },
      { address: 'dora@localhost', outcome: 'full' },
    ];
    const told = explainError(Object.assign(withCode('recipients_refused'), { recipients }));
    assert.equal(told.exitCode, 11);
    assert.equal(
      told.message,
      'Nothing was sent. bob@localhost: nobody has this address; ' +
        'carol@localhost: keys refused, they do not follow from what you know (chain_broken); ' +
        'dora@localhost: their space is full',
    );
  });
  it('says nothing of an error nobody foresaw but its code', () => {
    const told = explainError(new TypeError('AGE-SECRET-KEY-1 is undefined'));
    assert.equal(told.exitCode, 1);
    assert.doesNotMatch(told.message, /SECRET/);
    assert.equal(explainError('thrown text').code, 'internal');
    assert.equal(explainError(withCode('constructor')).code, 'internal');
  });
});

describe('exit codes', () => {
  it('are distinct, and each name is used by some error', () => {
    assert.equal(new Set(exitCodes.map((entry) => entry.code)).size, exitCodes.length);
    const told = new CliError('terminated', 'terminated', { message: 'a', advice: 'b' });
    assert.equal(explainError(told).exitCode, 143);
  });
});
