/** What is asked for: bytes and times are at most, rates at least. Sizes are judged at the largest log measured. */
export const TARGETS = {
  /** With an Ed25519 quorum, nine signatures; statement and ML-DSA lines apart. */
  firstTimeBytes: 3_100,
  /** What a contact adds to a head that a look has verified, however many it asks for. */
  knownBytes: 2_100,
  firstTimeMs: 5,
  firstTimeChromiumMs: 15,
  knownMs: 1,
  updatesPerSecond: 1_500,
  replayedPerSecond: 60_000,
  replayPeakMib: 400,
  thousandRecipientsMs: 3_000,
} as const;
