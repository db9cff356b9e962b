import { domainField } from '../field/address-fields.ts';
import { hashField } from '../field/base64-field.ts';
import { quorumField, type Quorum } from '../field/integer-field.ts';
import { malformed } from '../malformed.ts';
import { exactly, type Shape } from '../shape.ts';

/** Who can reset an identity. `keysHash`: SHA-256 of the recovery verification keys (docs/spec/02-statements.md). */
export type Recovery =
  | { readonly by: 'none' }
  | { readonly by: 'kit'; readonly keysHash: Uint8Array }
  | { readonly by: 'trustees'; readonly quorum: Quorum; readonly keysHash: Uint8Array }
  | { readonly by: 'organisation'; readonly domain: string; readonly quorum: Quorum; readonly keysHash: Uint8Array };

export const recoveryShape: Shape<Recovery> = {
  read: ([by, ...tokens]) => {
    if (by === 'none') {
      exactly(tokens, 0);
      return { by };
    }
    if (by === 'kit') {
      const [keysHash = ''] = exactly(tokens, 1);
      return { by, keysHash: hashField.read(keysHash) };
    }
    if (by === 'trustees') {
      const [quorum = '', keysHash = ''] = exactly(tokens, 2);
      return { by, quorum: quorumField.read(quorum), keysHash: hashField.read(keysHash) };
    }
    if (by === 'organisation') {
      const [domain = '', quorum = '', keysHash = ''] = exactly(tokens, 3);
      return {
        by,
        domain: domainField.read(domain),
        quorum: quorumField.read(quorum),
        keysHash: hashField.read(keysHash),
      };
    }
    throw malformed('recovery is of no known kind');
  },
  write: (recovery) => {
    if (recovery.by === 'none') return [recovery.by];
    const keysHash = hashField.write(recovery.keysHash);
    if (recovery.by === 'kit') return [recovery.by, keysHash];
    const quorum = quorumField.write(recovery.quorum);
    if (recovery.by === 'trustees') return [recovery.by, quorum, keysHash];
    return [recovery.by, domainField.write(recovery.domain), quorum, keysHash];
  },
};
