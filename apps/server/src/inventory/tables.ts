import { LOG_TABLES } from './log-tables.ts';
import type { ColumnEntry, TableEntry } from './table-entry.ts';

const nothing = 'nothing by itself';
const account: ColumnEntry = { is: 'random id of the account', reveals: 'whose row it is, through the table account' };
const sealed = 'size only; what it says is sealed by the owner';

/**
 * Everything the server keeps in its database, column by column. `handover`, the page at `/` and the operator's
 * `inventory` command come from here; the test beside this file compares it with the live schema.
 */
export const TABLE_INVENTORY: Readonly<Record<string, TableEntry>> = {
  setting: {
    why: 'to find the same port, origin and schema at the next start',
    kept: 'always',
    columns: {
      name: { is: 'name of a setting', reveals: nothing },
      value: {
        is: 'its value',
        reveals: 'port and origin of this server; whether it was restored, from which hour and in which',
      },
    },
  },
  account: {
    why: 'to know whose mail is taken and how much of it',
    kept: 'until seven days after the account is closed; the address stays, so that nobody else gets it',
    columns: {
      id: { is: 'random id', reveals: nothing },
      address: { is: 'the address', reveals: 'that this address exists here' },
      state: { is: 'open, closing, suspended or gone', reveals: 'whether the owner leaves or was suspended' },
      removed_on_day: { is: 'day of the removal of a closed account', reveals: 'the day on which it was closed' },
      quota_bytes: { is: 'limit for bytes', reveals: nothing },
      quota_arrivals: { is: 'limit for arrivals', reveals: nothing },
      used_bytes: {
        is: 'bytes of holds, arrivals, records, change logs and running uploads',
        reveals: 'how much is kept',
      },
      arrivals_here: { is: 'arrivals that are not filed yet', reveals: 'how much was not fetched' },
      arrivals_ever: { is: 'arrivals since the beginning', reveals: 'how much was received' },
      events_ever: { is: 'events since the beginning', reveals: 'how active the account is' },
      new_until_day: {
        is: 'last day on which the account is new and may deliver less; empty afterwards',
        reveals: 'while it is there: the day on which the account was made',
      },
    },
  },
  login: {
    why: 'to let the owner in and give the wrapped vault root back',
    kept: 'until it is replaced or removed, or the account is',
    columns: {
      account,
      id: { is: 'random id of the latch', reveals: nothing },
      kind: { is: 'kind of latch', reveals: 'which ways of unlocking the owner has' },
      generation: { is: 'generation of the vault root', reveals: 'how often the owner locked others out' },
      wrapped: { is: 'the vault root under the latch’s own key', reveals: nothing },
      rescue: { is: 'an age file sealed to the recovery kit', reveals: sealed },
      record: {
        is: 'OPAQUE record of the password',
        reveals: 'nothing; without the account secret no password can be tried on it',
      },
    },
  },
  session: {
    why: 'to know who calls',
    kept: 'until it ends, at most the days of the setting sessionDays',
    columns: {
      account,
      token_hash: { is: 'SHA-256 of the token', reveals: nothing },
      id: { is: 'random id', reveals: nothing },
      name: { is: 'name of the session, sealed', reveals: sealed },
      device: { is: 'random id of the device in the vault', reveals: 'which sessions are of one device' },
      expires_day: { is: 'last day', reveals: 'the day of the login' },
      act_nonce: { is: 'random number for one signed act', reveals: 'that an act was begun and not finished' },
    },
  },
  report: {
    why: 'to hand messages that owners reported to the operator',
    kept: 'until the operator removes it, at most 90 days',
    columns: {
      id: { is: 'random id, of the client', reveals: nothing },
      day: { is: 'day on which it came', reveals: 'when somebody reported; never who, nor whom' },
      sealed: {
        is: 'an age file to the operator’s abuse key, which is not on this machine',
        reveals:
          'size only; to whoever has the abuse key: one message and who signed it, which one of its readers disclosed',
      },
    },
  },
  invitation: {
    why: 'to let in only who was invited, where registration wants that',
    kept: 'until its last day',
    columns: {
      id: { is: 'half of the hash of its token', reveals: nothing },
      expires_day: { is: 'last day', reveals: 'the day on which it was made' },
      state: { is: 'open or used', reveals: 'how many were used; never by whom' },
    },
  },
  statement: {
    why: 'so that others can seal to the owner: identity statements are public',
    kept: 'while the account exists',
    columns: {
      account,
      version: { is: 'version of the statement', reveals: 'how often keys were changed' },
      note: { is: 'the signed statement', reveals: 'address and public keys' },
      taken_hour: {
        is: 'the hour in which it came; empty from before hours were kept',
        reveals: 'when keys were changed, as the public key log does to whoever knows the address',
      },
    },
  },
  opening: {
    why: 'so that others can check that a statement is the one in the key log',
    kept: 'while the account exists; without it nobody can tell what the log’s entry said',
    columns: {
      account,
      version: { is: 'version of the statement', reveals: 'how often keys were changed' },
      opening: { is: '16 random bytes', reveals: 'with the statement: which entry of the key log it is' },
    },
  },
  address_index: {
    why: 'to find an address in the key log without computing it each time',
    kept: 'while the account exists; the server can compute it again from the address',
    columns: {
      account,
      log_index: { is: 'the address’s key in the index', reveals: 'which entries of the key log are of this address' },
      proof: { is: 'VRF proof of it', reveals: nothing },
    },
  },
  ...LOG_TABLES,
  upload: {
    why: 'to go on after a cut line',
    kept: 'until it is complete or given up, at most 7 days',
    columns: {
      account,
      id: { is: 'random id', reveals: nothing },
      size_bytes: { is: 'size', reveals: 'size of what is being sent' },
      file: { is: 'random name of its file', reveals: 'while it runs: which blob this account uploads' },
      started_on_day: { is: 'day of its beginning', reveals: 'the day' },
    },
  },
  upload_part: {
    why: 'to go on after a cut line',
    kept: 'like its upload',
    columns: {
      account,
      upload: { is: 'id of the upload', reveals: nothing },
      part: { is: 'number of the part', reveals: 'how far it is' },
      hash: { is: 'SHA-256 of the part’s ciphertext', reveals: nothing },
    },
  },
  blob: {
    why: 'the ciphertext itself',
    kept: 'while a hold or an arrival names it, and three to four days more',
    columns: {
      id: { is: 'random id', reveals: nothing },
      size_bytes: { is: 'size', reveals: 'padded size of an item' },
      content: { is: 'the ciphertext, up to 64 KiB', reveals: sealed },
      file: {
        is: 'random name of the file of a larger one',
        reveals: 'through the file’s times: the hour of its upload',
      },
      unnamed_on_day: { is: 'day on which nobody named it', reveals: 'about when the last holder deleted it' },
    },
  },
  hold: {
    why: 'to know who may read a blob, and until when it is needed',
    kept: 'until the owner deletes it',
    columns: {
      account,
      id: { is: 'random id', reveals: nothing },
      blob: { is: 'id of the blob', reveals: 'that accounts with the same blob share an item' },
      size_bytes: { is: 'size', reveals: 'padded size of an item' },
      header: {
        is: 'age header for this owner, in its short form: as delivered, or sealed by the owner when filing an attachment',
        reveals: 'that the item was received, not made by this account',
      },
    },
  },
  arrival: {
    why: 'mail that waits to be fetched',
    kept: 'until it is filed or dropped; number, key and hash stay, so that none can vanish unseen or come twice',
    columns: {
      account,
      number: { is: 'number of the arrival', reveals: 'order of arrivals' },
      key: { is: 'random key of this delivery', reveals: nothing },
      hash: { is: 'SHA-256 of the arrival', reveals: nothing },
      hour: { is: 'hour of the delivery', reveals: 'when mail came, to the hour; empty once filed' },
      part: { is: 'sealed delivery part', reveals: sealed },
    },
  },
  arrival_item: {
    why: 'what an arrival is made of',
    kept: 'until the arrival is filed or dropped',
    columns: {
      account,
      arrival: { is: 'number of the arrival', reveals: nothing },
      item: { is: 'place in the arrival', reveals: 'number of attachments' },
      blob: { is: 'id of the blob', reveals: 'that accounts with the same blob received the same item' },
      size_bytes: { is: 'size', reveals: 'padded size of an item' },
      header: { is: 'age header for this recipient, in its short form', reveals: nothing },
    },
  },
  space: {
    why: 'a collection that the owner’s devices keep equal',
    kept: 'while the account exists',
    columns: {
      account,
      id: { is: 'random id', reveals: nothing },
      kind: { is: 'vault, mailbox or other', reveals: 'which collection is which' },
      size: { is: 'length of its change log', reveals: 'how often something was changed' },
    },
  },
  record: {
    why: 'sealed entries of a space',
    kept: 'until they are replaced; a deleted one stays as an empty sealed entry',
    columns: {
      account,
      space: { is: 'id of the space', reveals: nothing },
      id: { is: 'random id', reveals: nothing },
      version: { is: 'version', reveals: 'how often it was changed' },
      epoch: { is: 'number of the key’s epoch', reveals: 'how often the space’s key was changed' },
      number: { is: 'place in the change log', reveals: 'order of changes' },
      sealed: { is: 'the sealed entry', reveals: sealed },
    },
  },
  change: {
    why: 'so that no device can be shown an older or another state unseen',
    kept: 'while the account exists',
    columns: {
      account,
      space: { is: 'id of the space', reveals: nothing },
      number: { is: 'place in the log', reveals: 'order of changes' },
      record: { is: 'id of the record', reveals: nothing },
      version: { is: 'its version', reveals: nothing },
      epoch: { is: 'its epoch', reveals: nothing },
      hash: { is: 'SHA-256 of the sealed entry', reveals: nothing },
    },
  },
  head: {
    why: 'each device says which state it has seen',
    kept: 'until the device writes a newer one',
    columns: {
      account,
      space: { is: 'id of the space', reveals: nothing },
      device: { is: 'random id of the device', reveals: 'number of devices' },
      size: { is: 'size of the change log it speaks of', reveals: 'how far the device is' },
      head: { is: 'the head under a key of the space', reveals: nothing },
    },
  },
  event: {
    why: 'so that devices learn of news at once, or when they come back',
    kept: '90 days',
    columns: {
      account,
      number: { is: 'number of the event', reveals: 'order' },
      day: { is: 'day', reveals: 'on which days something happened' },
      kind: { is: 'arrival, space or account', reveals: 'kinds of activity' },
      space: { is: 'id of the space', reveals: 'which space changed that day' },
      value: { is: 'number of the arrival or size of the space', reveals: 'on which day an arrival came' },
    },
  },
};
