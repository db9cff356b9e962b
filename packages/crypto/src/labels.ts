/**
 * Every text that keeps one use of a hash or key apart from all others. docs/spec/04-records.md, "Labels", holds the
 * same table; the test beside this file compares the two and holds the rules:
 *
 * - no two labels for one function are the same bytes;
 * - none of them begins another, so that what follows a label cannot be taken for a longer label.
 */
import { asciiBytes } from './age/bytes.ts';

/** The function that takes the label first: as hashed bytes, as HKDF's info, or as additional data of the AEAD. */
export type LabelUse = 'sha256' | 'hkdf' | 'ad';

export interface Label {
  readonly text: string;
  readonly use: LabelUse;
  readonly bytes: Uint8Array;
}

export type LabelName =
  | 'item'
  | 'attachment'
  | 'blind'
  | 'blindNode'
  | 'blindSlot'
  | 'recordKey'
  | 'recordData'
  | 'change'
  | 'headKey'
  | 'nameKey'
  | 'account'
  | 'vaultEpoch'
  | 'latchKey'
  | 'latchData'
  | 'deliveryKey'
  | 'deliveryData'
  | 'opaqueInput'
  | 'passwordKek'
  | 'kitSeal'
  | 'kitKek'
  | 'kitSign'
  | 'compareWords'
  | 'linkId'
  | 'linkKey';

export const LABELS: Readonly<Record<LabelName, Label>> = {
  item: label('sha256', 'latchkey/v1/item\0'),
  attachment: label('sha256', 'latchkey/v1/attachment\0'),
  blind: label('sha256', 'latchkey/v1/blind\0'),
  blindNode: label('sha256', 'latchkey/v1/blind-node\0'),
  blindSlot: label('hkdf', 'latchkey/v1/blind-slot'),
  recordKey: label('hkdf', 'latchkey/v1/record'),
  recordData: label('ad', 'latchkey/v1/record\0'),
  change: label('sha256', 'latchkey/v1/change\0'),
  headKey: label('hkdf', 'latchkey/v1/head'),
  nameKey: label('hkdf', 'latchkey/v1/name'),
  account: label('sha256', 'latchkey/v1/account\0'),
  vaultEpoch: label('hkdf', 'latchkey/v1/vault'),
  latchKey: label('hkdf', 'latchkey/v1/latch-key'),
  latchData: label('ad', 'latchkey/v1/latch'),
  deliveryKey: label('hkdf', 'latchkey/v1/delivery'),
  deliveryData: label('ad', 'latchkey/v1/delivery'),
  opaqueInput: label('hkdf', 'latchkey/v1/opaque'),
  passwordKek: label('hkdf', 'latchkey/v1/kek'),
  kitSeal: label('hkdf', 'latchkey/v1/kit-seal'),
  kitKek: label('hkdf', 'latchkey/v1/kit-kek'),
  kitSign: label('hkdf', 'latchkey/v1/kit-sign'),
  compareWords: label('sha256', 'latchkey/v1/compare-words\0'),
  linkId: label('hkdf', 'latchkey/v1/link-id'),
  linkKey: label('hkdf', 'latchkey/v1/link-key'),
};

function label(use: LabelUse, text: string): Label {
  return { text, use, bytes: asciiBytes(text) };
}
