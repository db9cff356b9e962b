import { actSchema } from './kind/act-statement.ts';
import { fileSchema } from './kind/file-statement.ts';
import { identitySchema } from './kind/identity-statement.ts';
import { membershipSchema } from './kind/membership-statement.ts';
import { messageSchema } from './kind/message-statement.ts';
import { tombstoneSchema } from './kind/tombstone-statement.ts';
import { vetoSchema } from './kind/veto-statement.ts';
import { statementCodec, type StatementCodec } from './schema.ts';
import type { Statement } from './statement.ts';

/** Every kind of statement by its first line. */
export const codecs: ReadonlyMap<string, StatementCodec<Statement>> = new Map<string, StatementCodec<Statement>>([
  [identitySchema.kind, statementCodec(identitySchema)],
  [vetoSchema.kind, statementCodec(vetoSchema)],
  [tombstoneSchema.kind, statementCodec(tombstoneSchema)],
  [messageSchema.kind, statementCodec(messageSchema)],
  [membershipSchema.kind, statementCodec(membershipSchema)],
  [actSchema.kind, statementCodec(actSchema)],
  [fileSchema.kind, statementCodec(fileSchema)],
]);
