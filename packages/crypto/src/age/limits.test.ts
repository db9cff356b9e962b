import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as limits from './limits.ts';

test('the limits are those that the specification gives', () => {
  assert.deepEqual(
    { ...limits },
    {
      FILE_KEY_BYTES: 16,
      MAX_HEADER_BYTES: 2_097_152,
      MAX_STANZAS: 1_024,
      SCRYPT_LOG_N: 18,
      MAX_SCRYPT_LOG_N: 20,
      MAX_ARMOR_WHITESPACE_BYTES: 1_024,
      MAX_IDENTITY_FILE_BYTES: 1_048_576,
      MAX_IDENTITY_LINE_BYTES: 4_096,
      MAX_IDENTITIES: 1_024,
    },
  );
});
