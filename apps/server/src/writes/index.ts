/** Everything that is ever written, by name. Runs in the writer's thread; inputs and results are plain data. */
import * as accounts from './accounts.ts';
import { fileArrivals, removeArrivals } from './arrivals.ts';
import * as blobs from './blobs.ts';
import { deliver } from './deliver.ts';
import * as invitations from './invitations.ts';
import * as latches from './latches.ts';
import { openSession, removeSession } from './sessions.ts';
import { createSpace, putHead, writeRecords } from './spaces.ts';

export const WRITES = {
  createAccount: accounts.createAccount,
  setActNonce: accounts.setActNonce,
  closeAccount: accounts.closeAccount,
  keepAccount: accounts.keepAccount,
  addStatement: accounts.addStatement,
  openSession,
  removeSession,
  putLatch: latches.putLatch,
  removeLatch: latches.removeLatch,
  changePassword: latches.changePassword,
  addInvitation: invitations.addInvitation,
  useInvitation: invitations.useInvitation,
  giveInvitationBack: invitations.giveInvitationBack,
  deliver,
  fileArrivals,
  removeArrivals,
  addBlob: blobs.addBlob,
  addHold: blobs.addHold,
  createUpload: blobs.createUpload,
  addPart: blobs.addPart,
  completeUpload: blobs.completeUpload,
  abortUpload: blobs.abortUpload,
  removeHolds: blobs.removeHolds,
  createSpace,
  writeRecords,
  putHead,
};

export type WriteName = keyof typeof WRITES;
export type WriteInput<Name extends WriteName> = Parameters<(typeof WRITES)[Name]>[1];
export type WriteResult<Name extends WriteName> = Awaited<ReturnType<(typeof WRITES)[Name]>>;
