/** The inventory of the server, as `test/web/inventory-on-screen.test.ts` makes it from the server's own. */
export interface ServerInventory {
  readonly tables: readonly {
    readonly table: string;
    readonly why: string;
    readonly kept: string;
    readonly columns: readonly { readonly name: string; readonly is: string; readonly reveals: string }[];
  }[];
  /** What follows from rows side by side. */
  readonly joins: readonly string[];
}

export const SERVER_INVENTORY: ServerInventory = {
  tables: [
    {
      table: 'setting',
      why: 'to find the same port, origin and schema at the next start',
      kept: 'always',
      columns: [
        { name: 'name', is: 'name of a setting', reveals: 'nothing by itself' },
        {
          name: 'value',
          is: 'its value',
          reveals: 'port and origin of this server; whether it was restored, from which hour and in which',
        },
      ],
    },
    {
      table: 'account',
      why: 'to know whose mail is taken and how much of it',
      kept: 'until seven days after the account is closed; the address stays, so that nobody else gets it',
      columns: [
        { name: 'id', is: 'random id', reveals: 'nothing by itself' },
        { name: 'address', is: 'the address', reveals: 'that this address exists here' },
        { name: 'state', is: 'open, closing, suspended or gone', reveals: 'whether the owner leaves or was suspended' },
        {
          name: 'removed_on_day',
          is: 'day of the removal of a closed account',
          reveals: 'the day on which it was closed',
        },
        { name: 'quota_bytes', is: 'limit for bytes', reveals: 'nothing by itself' },
        { name: 'quota_arrivals', is: 'limit for arrivals', reveals: 'nothing by itself' },
        {
          name: 'used_bytes',
          is: 'bytes of holds, arrivals, records, change logs and running uploads',
          reveals: 'how much is kept',
        },
        { name: 'arrivals_here', is: 'arrivals that are not filed yet', reveals: 'how much was not fetched' },
        { name: 'arrivals_ever', is: 'arrivals since the beginning', reveals: 'how much was received' },
        { name: 'events_ever', is: 'events since the beginning', reveals: 'how active the account is' },
      ],
    },
    {
      table: 'login',
      why: 'to let the owner in and give the wrapped vault root back',
      kept: 'until it is replaced or removed, or the account is',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        { name: 'id', is: 'random id of the latch', reveals: 'nothing by itself' },
        { name: 'kind', is: 'kind of latch', reveals: 'which ways of unlocking the owner has' },
        { name: 'generation', is: 'generation of the vault root', reveals: 'how often the owner locked others out' },
        { name: 'wrapped', is: 'the vault root under the latch’s own key', reveals: 'nothing by itself' },
        {
          name: 'rescue',
          is: 'an age file sealed to the recovery kit',
          reveals: 'size only; what it says is sealed by the owner',
        },
        {
          name: 'record',
          is: 'OPAQUE record of the password',
          reveals: 'nothing; without the account secret no password can be tried on it',
        },
      ],
    },
    {
      table: 'session',
      why: 'to know who calls',
      kept: 'until it ends, at most the days of the setting sessionDays',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        { name: 'token_hash', is: 'SHA-256 of the token', reveals: 'nothing by itself' },
        { name: 'id', is: 'random id', reveals: 'nothing by itself' },
        { name: 'name', is: 'name of the session, sealed', reveals: 'size only; what it says is sealed by the owner' },
        { name: 'device', is: 'random id of the device in the vault', reveals: 'which sessions are of one device' },
        { name: 'expires_day', is: 'last day', reveals: 'the day of the login' },
        {
          name: 'act_nonce',
          is: 'random number for one signed act',
          reveals: 'that an act was begun and not finished',
        },
      ],
    },
    {
      table: 'invitation',
      why: 'to let in only who was invited, where registration wants that',
      kept: 'until its last day',
      columns: [
        { name: 'id', is: 'half of the hash of its token', reveals: 'nothing by itself' },
        { name: 'expires_day', is: 'last day', reveals: 'the day on which it was made' },
        { name: 'state', is: 'open or used', reveals: 'how many were used; never by whom' },
      ],
    },
    {
      table: 'statement',
      why: 'so that others can seal to the owner: identity statements are public',
      kept: 'while the account exists',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        { name: 'version', is: 'version of the statement', reveals: 'how often keys were changed' },
        { name: 'note', is: 'the signed statement', reveals: 'address and public keys' },
        {
          name: 'taken_hour',
          is: 'the hour in which it came; empty from before hours were kept',
          reveals: 'when keys were changed, as the public key log does to whoever knows the address',
        },
      ],
    },
    {
      table: 'opening',
      why: 'so that others can check that a statement is the one in the key log',
      kept: 'while the account exists; without it nobody can tell what the log’s entry said',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        { name: 'version', is: 'version of the statement', reveals: 'how often keys were changed' },
        { name: 'opening', is: '16 random bytes', reveals: 'with the statement: which entry of the key log it is' },
      ],
    },
    {
      table: 'address_index',
      why: 'to find an address in the key log without computing it each time',
      kept: 'while the account exists; the server can compute it again from the address',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        {
          name: 'log_index',
          is: 'the address’s key in the index',
          reveals: 'which entries of the key log are of this address',
        },
        { name: 'proof', is: 'VRF proof of it', reveals: 'nothing by itself' },
      ],
    },
    {
      table: 'key_leaf',
      why: 'the key log: that everybody is shown the same keys. It is public',
      kept: 'always',
      columns: [
        { name: 'position', is: 'place in the log', reveals: 'order of registrations and changes of keys' },
        {
          name: 'leaf',
          is: 'kind of change, key of the address in the index, and a commitment',
          reveals: 'to whoever knows or guesses the address and is told its proof: how often keys changed, and when',
        },
      ],
    },
    {
      table: 'index_leaf',
      why: 'the log of the index’s heads. It is public',
      kept: 'always',
      columns: [
        { name: 'position', is: 'place in the log', reveals: 'nothing by itself' },
        { name: 'leaf', is: 'root of the index and the key log’s checkpoint', reveals: 'when the key log grew' },
      ],
    },
    {
      table: 'log_tile',
      why: 'the hashes of both logs, as everybody can read them',
      kept: 'always',
      columns: [
        { name: 'log', is: 'keys or index', reveals: 'nothing by itself' },
        { name: 'level', is: 'level of the tile', reveals: 'nothing by itself' },
        { name: 'tile', is: 'number of the tile', reveals: 'nothing by itself' },
        { name: 'hashes', is: 'up to 256 hashes', reveals: 'nothing by itself' },
      ],
    },
    {
      table: 'log_head',
      why: 'so that no second head of one size is ever signed',
      kept: 'until a larger one replaces it',
      columns: [
        { name: 'log', is: 'keys or index', reveals: 'nothing by itself' },
        { name: 'state', is: 'signed or published', reveals: 'whether witnesses are late' },
        { name: 'size', is: 'size of the log', reveals: 'how many changes of keys there were' },
        { name: 'root', is: 'root hash', reveals: 'nothing by itself' },
        { name: 'note', is: 'the signed checkpoint', reveals: 'when it was signed, and by which witnesses' },
      ],
    },
    {
      table: 'log_hour',
      why: 'so that two people can compare whether they are shown the same log',
      kept: 'always',
      columns: [
        { name: 'hour', is: 'hour', reveals: 'nothing by itself' },
        {
          name: 'note',
          is: 'the index log’s first head of that hour',
          reveals: 'how many changes of keys there were by then',
        },
      ],
    },
    {
      table: 'upload',
      why: 'to go on after a cut line',
      kept: 'until it is complete or given up, at most 7 days',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        { name: 'id', is: 'random id', reveals: 'nothing by itself' },
        { name: 'size_bytes', is: 'size', reveals: 'size of what is being sent' },
        { name: 'file', is: 'random name of its file', reveals: 'while it runs: which blob this account uploads' },
        { name: 'started_on_day', is: 'day of its beginning', reveals: 'the day' },
      ],
    },
    {
      table: 'upload_part',
      why: 'to go on after a cut line',
      kept: 'like its upload',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        { name: 'upload', is: 'id of the upload', reveals: 'nothing by itself' },
        { name: 'part', is: 'number of the part', reveals: 'how far it is' },
        { name: 'hash', is: 'SHA-256 of the part’s ciphertext', reveals: 'nothing by itself' },
      ],
    },
    {
      table: 'blob',
      why: 'the ciphertext itself',
      kept: 'while a hold or an arrival names it, and three to four days more',
      columns: [
        { name: 'id', is: 'random id', reveals: 'nothing by itself' },
        { name: 'size_bytes', is: 'size', reveals: 'padded size of an item' },
        {
          name: 'content',
          is: 'the ciphertext, up to 64 KiB',
          reveals: 'size only; what it says is sealed by the owner',
        },
        {
          name: 'file',
          is: 'random name of the file of a larger one',
          reveals: 'through the file’s times: the hour of its upload',
        },
        {
          name: 'unnamed_on_day',
          is: 'day on which nobody named it',
          reveals: 'about when the last holder deleted it',
        },
      ],
    },
    {
      table: 'hold',
      why: 'to know who may read a blob, and until when it is needed',
      kept: 'until the owner deletes it',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        { name: 'id', is: 'random id', reveals: 'nothing by itself' },
        { name: 'blob', is: 'id of the blob', reveals: 'that accounts with the same blob share an item' },
        { name: 'size_bytes', is: 'size', reveals: 'padded size of an item' },
        {
          name: 'header',
          is: 'age header for this owner, in its short form: as delivered, or sealed by the owner when filing an attachment',
          reveals: 'that the item was received, not made by this account',
        },
      ],
    },
    {
      table: 'arrival',
      why: 'mail that waits to be fetched',
      kept: 'until it is filed or dropped; number, key and hash stay, so that none can vanish unseen or come twice',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        { name: 'number', is: 'number of the arrival', reveals: 'order of arrivals' },
        { name: 'key', is: 'random key of this delivery', reveals: 'nothing by itself' },
        { name: 'hash', is: 'SHA-256 of the arrival', reveals: 'nothing by itself' },
        { name: 'hour', is: 'hour of the delivery', reveals: 'when mail came, to the hour; empty once filed' },
        { name: 'part', is: 'sealed delivery part', reveals: 'size only; what it says is sealed by the owner' },
      ],
    },
    {
      table: 'arrival_item',
      why: 'what an arrival is made of',
      kept: 'until the arrival is filed or dropped',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        { name: 'arrival', is: 'number of the arrival', reveals: 'nothing by itself' },
        { name: 'item', is: 'place in the arrival', reveals: 'number of attachments' },
        { name: 'blob', is: 'id of the blob', reveals: 'that accounts with the same blob received the same item' },
        { name: 'size_bytes', is: 'size', reveals: 'padded size of an item' },
        { name: 'header', is: 'age header for this recipient, in its short form', reveals: 'nothing by itself' },
      ],
    },
    {
      table: 'space',
      why: 'a collection that the owner’s devices keep equal',
      kept: 'while the account exists',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        { name: 'id', is: 'random id', reveals: 'nothing by itself' },
        { name: 'kind', is: 'vault, mailbox or other', reveals: 'which collection is which' },
        { name: 'size', is: 'length of its change log', reveals: 'how often something was changed' },
      ],
    },
    {
      table: 'record',
      why: 'sealed entries of a space',
      kept: 'until they are replaced; a deleted one stays as an empty sealed entry',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        { name: 'space', is: 'id of the space', reveals: 'nothing by itself' },
        { name: 'id', is: 'random id', reveals: 'nothing by itself' },
        { name: 'version', is: 'version', reveals: 'how often it was changed' },
        { name: 'epoch', is: 'number of the key’s epoch', reveals: 'how often the space’s key was changed' },
        { name: 'number', is: 'place in the change log', reveals: 'order of changes' },
        { name: 'sealed', is: 'the sealed entry', reveals: 'size only; what it says is sealed by the owner' },
      ],
    },
    {
      table: 'change',
      why: 'so that no device can be shown an older or another state unseen',
      kept: 'while the account exists',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        { name: 'space', is: 'id of the space', reveals: 'nothing by itself' },
        { name: 'number', is: 'place in the log', reveals: 'order of changes' },
        { name: 'record', is: 'id of the record', reveals: 'nothing by itself' },
        { name: 'version', is: 'its version', reveals: 'nothing by itself' },
        { name: 'epoch', is: 'its epoch', reveals: 'nothing by itself' },
        { name: 'hash', is: 'SHA-256 of the sealed entry', reveals: 'nothing by itself' },
      ],
    },
    {
      table: 'head',
      why: 'each device says which state it has seen',
      kept: 'until the device writes a newer one',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        { name: 'space', is: 'id of the space', reveals: 'nothing by itself' },
        { name: 'device', is: 'random id of the device', reveals: 'number of devices' },
        { name: 'size', is: 'size of the change log it speaks of', reveals: 'how far the device is' },
        { name: 'head', is: 'the head under a key of the space', reveals: 'nothing by itself' },
      ],
    },
    {
      table: 'event',
      why: 'so that devices learn of news at once, or when they come back',
      kept: '90 days',
      columns: [
        { name: 'account', is: 'random id of the account', reveals: 'whose row it is, through the table account' },
        { name: 'number', is: 'number of the event', reveals: 'order' },
        { name: 'day', is: 'day', reveals: 'on which days something happened' },
        { name: 'kind', is: 'arrival, space or account', reveals: 'kinds of activity' },
        { name: 'space', is: 'id of the space', reveals: 'which space changed that day' },
        { name: 'value', is: 'number of the arrival or size of the space', reveals: 'on which day an arrival came' },
      ],
    },
  ],
  joins: [
    'Accounts with holds or arrivals on one blob received the same item, or one of them is about to send it.',
    'The key log is public and in order. The operator can tell which of its entries are of which address, and so in which order accounts came and keys changed, also after an account is gone.',
    'A sender keeps an own copy of what was sent, under a blob of its own. Sizes are padded in steps, and an own copy is larger than what was delivered by the length of a header as text: an account with such a hold may be the sender, like all others that have something of that step.',
    'Events are kept with their day: who wrote to an own space on the day of an arrival may have sent it.',
    'Arrivals in one hour and of one size may be of one message.',
    'Rows written in one commit stand together in the write-ahead log until it is shortened: who wrote in the same moments as an arrival of the last hour may have sent it.',
  ],
};
