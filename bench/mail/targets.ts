/** What is asked for. Ratios say how much of the other side's speed we keep; limits are at most, rates at least. */
export const TARGETS = {
  deliveryRatio: 0.5,
  listingMs: 10,
  /** A login takes at most 1.3 times its Argon2id. */
  loginRatio: 1.3,
  transferRatio: 0.8,
  wrappingMs: 400,
  bytesPerReader: 2_300,
  sealedDeliveriesPerSecond: 600,
} as const;
