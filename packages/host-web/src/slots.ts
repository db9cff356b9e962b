/** Which accounts are in this browser: each has a database of its own, named by a random slot. */
import { openDatabase, removeDatabase } from './storage/database.ts';

const BEGINNING = 'latchkey/account/';
const SLOT_BYTES = 8;

/** In no order that means anything. */
export async function listSlots(): Promise<readonly string[]> {
  const databases = await indexedDB.databases();
  return databases
    .flatMap(({ name }) => (name?.startsWith(BEGINNING) === true ? [name.slice(BEGINNING.length)] : []))
    .toSorted();
}

export function newSlot(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SLOT_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function databaseOf(slot: string): ReturnType<typeof openDatabase> {
  return openDatabase(`${BEGINNING}${slot}`);
}

/** Leaves nothing of the account in this browser. */
export function removeSlot(slot: string): Promise<void> {
  return removeDatabase(`${BEGINNING}${slot}`);
}
