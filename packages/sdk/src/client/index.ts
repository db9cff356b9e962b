/** Door `@latchkey/sdk/client`: an account on this device, from registration to leaving. */
export type { WireErrorCode } from '@latchkey/protocol/wire';
export { RefusedError, SdkError, type SdkErrorCode } from '../errors.ts';
export { KeyLogError } from '../directory/key-log/key-log-error.ts';
export { accountState, closeAccount, keepAccount, signInCard } from './account-state.ts';
export { changePassword } from './change-password.ts';
export {
  contactCard,
  ContactCardError,
  takeContactCard,
  type ContactCardReason,
  type OwnContactCard,
  type TakenContactCard,
} from './contact-card.ts';
export { contactKeys, type ContactKeys } from './contact-keys.ts';
export {
  planPolicy,
  planWitnesses,
  takePolicy,
  trustPolicy,
  type PlannedPolicy,
  type TrustedCosigner,
  type TrustPolicy,
} from './trust-policy.ts';
export {
  keyEvidence,
  verifiedByHuman,
  verifyEvidence,
  type EvidenceVerdict,
  type KeptEvidence,
} from './key-evidence.ts';
export {
  keyTail,
  type KeyCheck,
  type KeyTail,
  type KeyTailOptions,
  type TailedHead,
  type TailedLeaf,
  type TailEffort,
  type TailReport,
} from './key-tail.ts';
export { keyLogState, type KeyLogState, type WitnessState } from './key-log-state.ts';
export { lock, logOut } from './leave-device.ts';
export { isLockOutUnfinished, lockOut } from './lock-out.ts';
export { logIn } from './log-in.ts';
export { openClient, unlock } from './open-client.ts';
export { readPaper, type ReadPaper } from './read-paper.ts';
export { register } from './register.ts';
export { listSessions, removeSession } from './sessions.ts';
export { announcedReset, vetoReset, type AnnouncedReset } from './veto.ts';
export { cardPage, cardText, kitPage, kitText } from './paper/sheets.ts';
export { kitSaved, unsavedKit } from './unsaved-kit.ts';
export type {
  AccountState,
  Client,
  DeviceSession,
  LockedOut,
  LockOutProgress,
  LockOutRequest,
  LogInRequest,
  RecoveryKit,
  Registered,
  RegisterRequest,
  SignInCard,
  VaultState,
} from './types.ts';
