import { WitnessError } from '../errors.ts';
import { createCosignerKey, verifierKeys } from '../keys/cosigner-key.ts';
import { print, printJson, type Command } from './command.ts';

export const keygen: Command = {
  name: 'keygen',
  operands: ['NAME'],
  takes: ['role', 'json'],
  summary: 'make the key of a new witness (or --role auditor), and its empty state; prints the verifier keys',
  async run({ flags: { data, role, json }, operands: [name = ''] }) {
    if (name === '') throw new WitnessError('argument_invalid', 'a witness has a name');
    const key = await createCosignerKey(data, role, name);
    const keys = verifierKeys(key);
    if (json) printJson({ name: key.name, role, keys });
    else for (const line of keys) print(line);
    return 0;
  },
};
