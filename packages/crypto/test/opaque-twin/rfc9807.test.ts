import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedVectors } from '@latchkey/testkit';
import { blindedPassword, type ClientParty, finishLogin, finishRegistration, startLogin } from './client.ts';
import { ascii } from './primitives.ts';
import * as server from './server.ts';
import { SUITES, type Suite } from './suites.ts';

interface Vector {
  readonly config: { readonly Context: string; readonly Fake: 'True' | 'False'; readonly Group: string };
  readonly inputs: Readonly<Record<string, string>>;
  readonly intermediates: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Nine: for three configurations a login, one with names, and the answer for an account that does not exist. */
const VECTORS = 9;

const bytes = (text: string | undefined): Uint8Array => {
  if (text === undefined) throw new Error('the vector lacks a value');
  return Uint8Array.from(Buffer.from(text, 'hex'));
};
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
const orNull = (text: string | undefined): Uint8Array | null => (text === undefined ? null : bytes(text));

function suiteOf({ config }: Vector): Suite {
  const suite = Object.entries(SUITES).find(([group]) => group === config.Group)?.[1];
  if (suite === undefined) throw new Error(`no suite for ${config.Group}`);
  return suite;
}

function serverOf(vector: Vector): server.ServerParty {
  const { inputs, config } = vector;
  return {
    suite: suiteOf(vector),
    context: bytes(config.Context),
    identities: { client: orNull(inputs['client_identity']), server: orNull(inputs['server_identity']) },
    oprfSeed: bytes(inputs['oprf_seed']),
    keys: { secretKey: bytes(inputs['server_private_key']), publicKey: bytes(inputs['server_public_key']) },
  };
}

function answer(vector: Vector, record: Uint8Array, ke1: Uint8Array): server.ServerAnswer {
  const { inputs } = vector;
  return server.startLogin(serverOf(vector), {
    credentialIdentifier: bytes(inputs['credential_identifier']),
    record,
    ke1,
    maskingNonce: bytes(inputs['masking_nonce']),
    nonce: bytes(inputs['server_nonce']),
    keyshareSeed: bytes(inputs['server_keyshare_seed']),
  });
}

/** Everything that the RFC prints of one registration and login, computed. */
function whole(vector: Vector): { intermediates: Record<string, string>; outputs: Record<string, string> } {
  const { inputs } = vector;
  const party = serverOf(vector);
  const client: ClientParty = { ...party, stretch: (value) => value, password: bytes(inputs['password']) };
  const identifier = bytes(inputs['credential_identifier']);
  const blind = bytes(inputs['blind_registration']);
  const request = blindedPassword(client, blind);
  const response = server.register(party, identifier, request);
  const envelopeNonce = bytes(inputs['envelope_nonce']);
  const registered = finishRegistration(client, { blind, envelopeNonce }, response);
  const random = {
    blind: bytes(inputs['blind_login']),
    nonce: bytes(inputs['client_nonce']),
    keyshareSeed: bytes(inputs['client_keyshare_seed']),
  };
  const ke1 = startLogin(client, random);
  const answered = answer(vector, registered.record, ke1);
  const finished = finishLogin(client, random, answered.ke2);
  assert.ok(finished !== null);
  assert.deepEqual(finished.clientMac, answered.clientMac);
  assert.deepEqual(finished.sessionKey, answered.sessionKey);
  return {
    intermediates: {
      auth_key: hex(registered.authKey),
      client_mac_key: hex(finished.clientMacKey),
      client_public_key: hex(registered.clientPublicKey),
      envelope: hex(registered.envelope),
      handshake_secret: hex(finished.handshakeSecret),
      masking_key: hex(registered.maskingKey),
      oprf_key: hex(server.oprfKey(party.suite, party.oprfSeed, identifier)),
      randomized_password: hex(registered.randomizedPassword),
      server_mac_key: hex(finished.serverMacKey),
    },
    outputs: {
      KE1: hex(ke1),
      KE2: hex(answered.ke2),
      KE3: hex(finished.clientMac),
      export_key: hex(finished.exportKey),
      registration_request: hex(request),
      registration_response: hex(response),
      registration_upload: hex(registered.record),
      session_key: hex(finished.sessionKey),
    },
  };
}

test('the twin computes every value that RFC 9807 prints in its appendix C', (t) => {
  const folder = sharedVectors();
  if (folder === null) return t.skip('no shared vectors (LATCHKEY_VECTORS names them)');
  const vectors = JSON.parse(readFileSync(join(folder, 'opaque/rfc9807.json'), 'utf8')) as readonly Vector[];
  assert.equal(vectors.length, VECTORS);
  for (const vector of vectors) {
    const { config, inputs, intermediates, outputs } = vector;
    assert.deepEqual(
      serverOf(vector).suite.publicKeyOf(bytes(inputs['server_private_key'])),
      bytes(inputs['server_public_key']),
    );
    if (config.Fake === 'False') {
      assert.deepEqual(whole(vector), { intermediates, outputs }, config.Group);
    } else {
      const { hashBytes } = suiteOf(vector);
      const envelope = new Uint8Array(32 + hashBytes);
      const record = Buffer.concat([bytes(inputs['client_public_key']), bytes(inputs['masking_key']), envelope]);
      assert.equal(hex(answer(vector, record, bytes(inputs['KE1'])).ke2), outputs['KE2'], config.Group);
    }
  }
  assert.equal(hex(ascii('OPAQUE-POC')), vectors[0]?.config.Context);
});
