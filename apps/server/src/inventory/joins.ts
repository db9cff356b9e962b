/** What follows when rows are put side by side. Printed with both inventories, on the page, and in each handover. */
export interface JoinEntry {
  readonly name: string;
  readonly says: string;
  /**
   * Columns in which rows of two accounts may have one value. A test builds the graph of all equal values from a dump
   * and finds no other pair.
   */
  readonly columns: readonly (readonly [string, string])[];
}

export const JOINS: readonly JoinEntry[] = [
  {
    name: 'shared-blob',
    says: 'Accounts with holds or arrivals on one blob received the same item, or one of them is about to send it.',
    columns: [
      ['arrival_item.blob', 'arrival_item.blob'],
      ['arrival_item.blob', 'hold.blob'],
      ['hold.blob', 'hold.blob'],
    ],
  },
  {
    name: 'key-log',
    says:
      'The key log is public and in order. The operator can tell which of its entries are of which address, and so in ' +
      'which order accounts came and keys changed, also after an account is gone.',
    columns: [],
  },
  {
    name: 'own-copy',
    says:
      'A sender keeps an own copy of what was sent, under a blob of its own. Sizes are padded in steps, and an own copy ' +
      'is larger than what was delivered by the length of a header as text: an account with such a hold may be the sender, like ' +
      'all others that have something of that step.',
    columns: [],
  },
  {
    name: 'same-day',
    says: 'Events are kept with their day: who wrote to an own space on the day of an arrival may have sent it.',
    columns: [],
  },
  {
    name: 'same-hour',
    says: 'Arrivals in one hour and of one size may be of one message.',
    columns: [],
  },
  {
    name: 'written-together',
    says:
      'Rows written in one commit stand together in the write-ahead log until it is shortened: who wrote in the same ' +
      'moments as an arrival of the last hour may have sent it.',
    columns: [],
  },
];
