/** What an owner's client does with secrets. Servers use `./sign` and `./verify`, never this door. */
export { CryptoError } from './errors.ts';
export type { CryptoErrorCode } from './errors.ts';
export type { Engine, EngineName, EngineOperation } from './engine/engine.ts';
export type { Encapsulations } from './engine/encapsulations.ts';

export { seal } from './age/seal.ts';
export type { SealOptions } from './age/seal.ts';
export { open } from './age/open.ts';
export type { Opened, OpenOptions } from './age/open.ts';

export { FILE_KEY_BYTES } from './age/limits.ts';
export { headerMacKey } from './age/header-mac.ts';
export { sealHeader } from './age/seal-header.ts';
export type { SealHeaderOptions } from './age/seal-header.ts';
export { openHeader } from './age/open-header.ts';
export type { OpenedHeader, OpenHeaderOptions } from './age/open-header.ts';
export { readHeader } from './age/read-header.ts';
export { ByteReader } from './age/byte-reader.ts';
export { inOrder } from './age/in-order.ts';
export type { InOrderOptions } from './age/in-order.ts';
export { floorOf } from './age/floor.ts';
export type { Floor } from './age/floor.ts';
export type { RecipientKind, WrapKind } from './age/kinds.ts';

export { payloadKeyOf } from './age/payload-key.ts';
export { sealPayload } from './age/seal-payload.ts';
export type { SealPayloadOptions } from './age/seal-payload.ts';
export { openPayload } from './age/open-payload.ts';
export type { OpenPayloadOptions } from './age/open-payload.ts';
export { openRange, openSeekable } from './age/open-range.ts';
export type { OpenSeekableOptions, PayloadReader, SeekablePayload } from './age/open-range.ts';
export { chunkCipher } from './age/engine-chunk-cipher.ts';
export type { ChunkCipher, HashedBytes, HashedPart, OpenedRun, Run } from './age/chunk-cipher.ts';
export {
  CHUNK_BYTES,
  CHUNK_PLAINTEXT_BYTES,
  chunkCountOf,
  chunkOffsetOf,
  NONCE_BYTES,
  payloadSizeOf,
  plaintextSizeOf,
} from './age/payload-size.ts';

export { encodeArmor } from './age/encode-armor.ts';
export { decodeArmor } from './age/decode-armor.ts';
export { detectArmor } from './age/detect-armor.ts';
export type { BinarySource } from './age/detect-armor.ts';

export { formatRecipient, parseRecipient } from './age/recipient.ts';
export type {
  HybridRecipient,
  PassphraseRecipient,
  PublicRecipient,
  Recipient,
  X25519Recipient,
} from './age/recipient.ts';
export { formatIdentity, generateIdentity, parseIdentity, recipientOf } from './age/identity.ts';
export type { Identity, KeyIdentity, PassphraseIdentity } from './age/identity.ts';
export { formatIdentityFile, parseIdentityFile } from './age/identity-file.ts';

export { inspect, inspectHeader } from './age/inspect.ts';
export type { FileInspection, HeaderInspection, InspectedRecipient, InspectOptions } from './age/inspect.ts';

export { itemOf } from './item.ts';
export type { ItemParts } from './item.ts';
export { paddedBodyBytes, paddedRecordBytes, padmeBytes } from './padme.ts';
export { LABELS } from './labels.ts';
export type { Label, LabelName, LabelUse } from './labels.ts';
export { LONGEST_RECORD_BODY_BYTES, openRecord, sealRecord } from './record/record.ts';
export type { RecordKeyring, RecordPlace } from './record/record.ts';
export { unwrapRoot, wrapRoot } from './record/latch.ts';
export type { LatchKeyring, LatchKind, LatchPlace } from './record/latch.ts';
export { LONGEST_DELIVERY_BODY_BYTES, openDelivery, sealDelivery } from './record/delivery.ts';
export type { DeliveryPlace } from './record/delivery.ts';

export { ENGINE_OPERATIONS, requireSelfTest, selfTest } from './engine/self-test.ts';
export type { SelfTestResult } from './engine/self-test.ts';
export { testedEngine } from './engine/tested-engine.ts';

export { ACCOUNT_SECRET_BYTES, makeAccountSecret } from './account/account-secret.ts';
export { passwordInput, passwordKek } from './account/password.ts';
export type { PasswordKekParts, PasswordParts } from './account/password.ts';
export { compareWords, type ComparedParty } from './account/compare-words.ts';
export { formatKitWords, KIT_ENTROPY_BYTES, makeKit, parseKitWords } from './account/kit-words.ts';
export type { Kit, ParsedKitWords } from './account/kit-words.ts';
export { kitKek, kitKeys, recoveryKeyName, recoveryKeysHash } from './account/kit-keys.ts';
export type { KitKekPlace, KitKeys } from './account/kit-keys.ts';
export { formatKitLine, parseKitLine } from './account/kit-line.ts';
export type { KitLine } from './account/kit-line.ts';
export { formatCard, parseCard } from './account/card.ts';
export type { Card } from './account/card.ts';
export { formatContactLine, parseContactLine } from './account/contact-line.ts';
export type { ContactLine } from './account/contact-line.ts';
export { sealRescue } from './account/rescue.ts';
export type { RescueContents, RescueVersion } from './account/rescue.ts';
export { accountIdOf, vaultEpochSecret } from './account/vault-keys.ts';
export type { AccountPlace } from './account/vault-keys.ts';
