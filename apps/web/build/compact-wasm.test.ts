import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { putWasm, takeWasm } from './compact-wasm.ts';

const HEAD = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** With a length in two bytes, as compilers write it. */
function section(id: number, contents: Uint8Array): Buffer {
  assert.ok(contents.length >= 0x80 && contents.length < 0x4000);
  return Buffer.from([id, (contents.length & 0x7f) | 0x80, contents.length >> 7, ...contents]);
}

/** Of each byte some, so that each that a script cannot hold as it is goes through. */
const code = section(
  10,
  Uint8Array.from({ length: 12_345 }, (_, at) => (at * 7) & 0xff),
);
const names = section(0, Buffer.alloc(300, '\u0004name, for debuggers'));

test('a module of WebAssembly comes back whole but for names for debuggers; other texts stay', () => {
  const base64 = Buffer.from([...HEAD, ...names, ...code, ...names]).toString('base64');
  const made = putWasm(takeWasm(`var x = "${base64}", y = "AGFzbQ==";`));
  assert.ok(!made.includes('for debuggers'));
  assert.ok(made.includes('"AGFzbQ=="'));
  assert.equal(runInNewContext(`${made} x`, { btoa }), Buffer.from([...HEAD, ...code]).toString('base64'));
  const other = `var z = "${'A'.repeat(20_000)}"`;
  assert.equal(takeWasm(other), other);
});

test('a module that is cut off stops the build', () => {
  const cut = Buffer.from([...HEAD, ...names, ...code.subarray(0, -1)]);
  assert.throws(() => takeWasm(`"${cut.toString('base64')}"`), /beyond its end/);
});
