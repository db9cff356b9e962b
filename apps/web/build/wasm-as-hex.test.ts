import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { wasmAsHex } from './wasm-as-hex.ts';

test('a module of WebAssembly is the same after it went as hex; other texts stay', () => {
  const bytes = Buffer.alloc(12_345, 'latchkey\u00ff\u0000');
  bytes.set([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  const base64 = bytes.toString('base64');
  const made = wasmAsHex(`var x = "${base64}", y = "AGFzbQ==";`);
  assert.ok(!made.includes(base64));
  assert.ok(made.includes('"AGFzbQ=="'));
  assert.equal(runInNewContext(`${made} x`, { btoa }), base64);
  const other = `var z = "${'A'.repeat(20_000)}"`;
  assert.equal(wasmAsHex(other), other);
});
