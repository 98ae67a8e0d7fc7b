/** So many server faults while others were accepted, and the payload itself is what the receiver cannot digest. */
export const poisonStrikes = 10;

export interface ServerFault {
  /** Strikes against this delivery so far. */
  strikes: number;
  /** When this delivery was tried before, if it was. */
  previousAttemptAtMs?: number | undefined;
  /** When the destination last accepted any delivery, if it ever did. */
  lastAcceptedAtMs?: number | undefined;
}

/**
 * Counts a 5xx or a timeout against the payload only if the destination accepted something else since the
 * payload was tried before: during an outage it is the destination that fails, and nobody collects strikes.
 */
export function strikesAfterServerFault(fault: ServerFault): number {
  const { strikes, previousAttemptAtMs, lastAcceptedAtMs } = fault;
  if (previousAttemptAtMs === undefined || lastAcceptedAtMs === undefined) return strikes;
  return lastAcceptedAtMs > previousAttemptAtMs ? strikes + 1 : strikes;
}

/** The reason a delivery is dead of its own payload, or undefined while it is not. */
export function poisonReason(strikes: number): string | undefined {
  if (strikes < poisonStrikes) return undefined;
  return `failed ${strikes} times with a server error or timeout while the destination accepted other events`;
}
