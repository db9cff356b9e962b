import { MAX_MEMBERS } from '../../limits.ts';
import { base64Field, hashField } from '../field/base64-field.ts';
import { choiceField } from '../field/choice-field.ts';
import { ordinalField } from '../field/integer-field.ts';
import { inconsistent } from '../inconsistent.ts';
import { one, optional, sorted } from '../line.ts';
import { partyShape, type Party } from '../party.ts';
import type { StatementSchema } from '../schema.ts';
import { only, tokenAt, type Shape } from '../shape.ts';

export type Role = 'administrator' | 'writer' | 'reader';

export interface Member extends Party {
  readonly role: Role;
}

/** The number of an epoch and the commitment to its secret. */
export interface Epoch {
  readonly number: number;
  readonly commitment: Uint8Array;
}

/** Who belongs to a space, and which secret is in force (docs/spec/02-statements.md, "Membership"). */
export interface MembershipStatement {
  readonly kind: 'latchkey/membership/v1';
  /** 16 bytes. */
  readonly space: Uint8Array;
  /** From 0. */
  readonly seq: number;
  /** Hash of the note before; null in the first. */
  readonly previous: Uint8Array | null;
  readonly members: readonly Member[];
  readonly epoch: Epoch;
  readonly by: Party;
}

const roleField = choiceField<Role>(['administrator', 'writer', 'reader']);

const memberShape: Shape<Member> = {
  read: (tokens) => ({ ...partyShape.read(tokens), role: roleField.read(tokenAt(tokens, 3)) }),
  write: (member) => [...partyShape.write(member), roleField.write(member.role)],
};

const epochShape: Shape<Epoch> = {
  read: (tokens) => ({
    number: ordinalField.read(tokenAt(tokens, 0)),
    commitment: hashField.read(tokenAt(tokens, 1)),
  }),
  write: ({ number, commitment }) => [ordinalField.write(number), hashField.write(commitment)],
};

export const membershipSchema: StatementSchema<MembershipStatement> = {
  kind: 'latchkey/membership/v1',
  lines: {
    space: one('space', only(base64Field(16))),
    seq: one('seq', only(ordinalField)),
    previous: optional('previous', only(hashField)),
    members: sorted('member', memberShape, MAX_MEMBERS),
    epoch: one('epoch', epochShape),
    by: one('by', partyShape),
  },
  check: ({ seq, previous, members, by }) => {
    if ((seq === 0) !== (previous === null)) throw inconsistent('exactly note 0 has no previous note');
    const administrators = members.filter(({ role }) => role === 'administrator');
    if (administrators.length === 0) throw inconsistent('nobody is administrator');
    // Later notes are signed by an administrator of the note before, who may be leaving.
    if (seq === 0 && !administrators.some((member) => isSameParty(member, by))) {
      throw inconsistent('note 0 is not by one of its administrators');
    }
  },
};

function isSameParty(a: Party, b: Party): boolean {
  return partyShape.write(a).join(' ') === partyShape.write(b).join(' ');
}
