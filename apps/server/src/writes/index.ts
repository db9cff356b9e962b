/** Everything that is ever written, by name. Runs in the writer's thread; inputs and results are plain data. */
import * as accounts from './accounts.ts';
import { fileArrivals, removeArrivals } from './arrivals.ts';
import * as blobs from './blobs.ts';
import { deliver } from './deliver.ts';
import { addInvitation } from './invitations.ts';
import * as keyLog from './key-log.ts';
import * as latches from './latches.ts';
import * as operator from './operator.ts';
import { addReport, removeReport } from './reports.ts';
import { openSession, removeSession } from './sessions.ts';
import { createSpace, putHead, retireSpace, writeRecords } from './spaces.ts';
import * as sweep from './sweep.ts';

export const WRITES = {
  createAccount: accounts.createAccount,
  reissueAccount: accounts.reissueAccount,
  setActNonce: accounts.setActNonce,
  closeAccount: accounts.closeAccount,
  keepAccount: accounts.keepAccount,
  addStatement: accounts.addStatement,
  takeBackStatement: accounts.takeBackStatement,
  openSession,
  removeSession,
  putLatch: latches.putLatch,
  removeLatch: latches.removeLatch,
  changePassword: latches.changePassword,
  addInvitation,
  deliver,
  fileArrivals,
  removeArrivals,
  addBlob: blobs.addBlob,
  addHold: blobs.addHold,
  addHeldBlob: blobs.addHeldBlob,
  createUpload: blobs.createUpload,
  addPart: blobs.addPart,
  forgetPart: blobs.forgetPart,
  completeUpload: blobs.completeUpload,
  abortUpload: blobs.abortUpload,
  removeHolds: blobs.removeHolds,
  createSpace,
  retireSpace,
  writeRecords,
  putHead,
  sweepRows: sweep.sweepRows,
  sweepAccounts: sweep.sweepAccounts,
  sweepBlobs: sweep.sweepBlobs,
  addEarlierStatements: keyLog.addEarlierStatements,
  growLog: keyLog.growLog,
  takeBackEntries: keyLog.takeBackEntries,
  publishHead: keyLog.publishHead,
  addReport,
  removeReport,
  setQuota: operator.setQuota,
  setState: operator.setState,
  setSetting: operator.setSetting,
  buryAddress: operator.buryAddress,
};

export type WriteName = keyof typeof WRITES;
/** A write without an input takes an empty object. */
export type WriteInput<Name extends WriteName> = Parameters<(typeof WRITES)[Name]>[1] extends undefined
  ? Record<string, never>
  : Parameters<(typeof WRITES)[Name]>[1];
export type WriteResult<Name extends WriteName> = Awaited<ReturnType<(typeof WRITES)[Name]>>;
