/** How long a server may take. All of it counts only while this side waits. */
export interface TransportLimits {
  /** Longest time in which nothing comes, from the first byte sent to the first of the answer and between any two. */
  readonly silentMs: number;
  /** In each such stretch at least so many bytes must come. A line that is merely slow brings more. */
  readonly leastBytes: number;
  /** A body on its way up gets this much time for each KiB besides. */
  readonly upMsPerKib: number;
  /** Of the stream of events, which sends a sign of life every 25 seconds. */
  readonly eventsSilentMs: number;
}

export const TRANSPORT_LIMITS: TransportLimits = {
  silentMs: 30_000,
  leastBytes: 1_024,
  // 8 MiB in 14 minutes; the server gives up after 15.
  upMsPerKib: 100,
  eventsSilentMs: 70_000,
};
