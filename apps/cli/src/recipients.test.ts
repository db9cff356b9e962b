import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseRecipientsFile, readRecipients } from './recipients.ts';

it('takes one recipient a line, with comments and empty lines', () => {
  assert.deepEqual(parseRecipientsFile('# team\r\nage1abc\r\n\n  age1pq1xyz  \n', 'team'), ['age1abc', 'age1pq1xyz']);
});

it('names the line that is none, and not what stands there', () => {
  assert.throws(
    () => parseRecipientsFile('age1abc\nAGE-SECRET-KEY-1SECRET\n', 'team'),
    (error: Error) => {
      assert.match(error.message, /^Line 2 of 'team' is an identity, not a recipient$/);
      return true;
    },
  );
  assert.throws(() => parseRecipientsFile('age1abc age1def\n', 'team'), {
    code: 'recipient_file_malformed',
    message: /Line 1/,
  });
  assert.throws(() => parseRecipientsFile('# nobody\n', 'team'), { message: "There is no recipient in 'team'" });
});

it('refuses more recipients than a header holds, as a wrong call and not as a fault of the program', async () => {
  const many = Array.from({ length: 1025 }, (_, index) => `age1x${index}`);
  const invocation = {
    values: (option: string) => (option === 'recipient' ? many : []),
  } as unknown as Parameters<typeof readRecipients>[0];
  await assert.rejects(readRecipients(invocation), { code: 'arguments_wrong', message: /1025 recipients/ });
});
