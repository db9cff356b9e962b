import { domainField } from '../field/address-fields.ts';
import { hashField } from '../field/base64-field.ts';
import { quorumField, type Quorum } from '../field/integer-field.ts';
import { malformed } from '../malformed.ts';
import { tokenAt, type Shape } from '../shape.ts';

/** Who can reset an identity. `keysHash`: SHA-256 of the recovery verification keys (docs/spec/02-statements.md). */
export type Recovery =
  | { readonly by: 'none' }
  | { readonly by: 'kit'; readonly keysHash: Uint8Array }
  | { readonly by: 'trustees'; readonly quorum: Quorum; readonly keysHash: Uint8Array }
  | { readonly by: 'organisation'; readonly domain: string; readonly quorum: Quorum; readonly keysHash: Uint8Array };

export const recoveryShape: Shape<Recovery> = {
  read: (tokens) => {
    const [by] = tokens;
    if (by === 'none') return { by };
    if (by === 'kit') return { by, keysHash: hashField.read(tokenAt(tokens, 1)) };
    if (by === 'trustees') {
      return { by, quorum: quorumField.read(tokenAt(tokens, 1)), keysHash: hashField.read(tokenAt(tokens, 2)) };
    }
    if (by === 'organisation') {
      return {
        by,
        domain: domainField.read(tokenAt(tokens, 1)),
        quorum: quorumField.read(tokenAt(tokens, 2)),
        keysHash: hashField.read(tokenAt(tokens, 3)),
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
