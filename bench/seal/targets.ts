/** Least ratios: their time divided by ours. */
export const TARGETS: Readonly<Record<string, number>> = {
  'seal age': 1.2,
  'seal typage': 8,
  'seal cp': 0.5,
  'open age': 1.4,
  'wrap typage': 10,
};
export const MEMORY_TARGET_MIB = 200;
