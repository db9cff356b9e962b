/** The tests of cuts, at every call instead of the chosen ones. */
process.env['LATCHKEY_EVERY_CUT'] = '1';
await import('../src/client/lock-out-cuts.test.ts');
await import('../src/client/register.test.ts');
await import('../src/mail/cuts.test.ts');
