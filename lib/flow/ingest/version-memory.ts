import type { Tracking } from '../../domain/deployment/versions/tracking.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { readTracking } from '../../store/state/versions.ts';

/** What a running function remembers of the versions of a service in an environment. */
export interface Memory {
  tracking: Tracking | undefined;
  readAtMs: number;
  /** Versions of which the log was told since. */
  told: Set<string>;
  warned: boolean;
}

/** A few megabytes. Beyond it the one that was read longest ago is forgotten, which costs another read. */
const mostRemembered = 5_000;

/**
 * Memories by the key of the subject, so that known versions cost no read. They last a third of the settling time: a
 * function that hears only the older version has to learn of the newer one from the table, and early enough to say
 * that the older one still reports.
 */
export function createVersionMemory(store: Store, settleMs: number) {
  const memories = new Map<string, Memory>();

  return {
    /** What is remembered, without a read. */
    peek(subject: string, nowMs: number): Memory | undefined {
      const memory = memories.get(subject);
      return memory && nowMs - memory.readAtMs < settleMs / 3 ? memory : undefined;
    },
    async recall(subject: string, nowMs: number): Promise<Memory> {
      const memory = this.peek(subject, nowMs) ?? (await read(subject, nowMs));
      memories.delete(subject);
      memories.set(subject, memory);
      const [oldest] = memories.keys();
      if (memories.size > mostRemembered && oldest !== undefined) memories.delete(oldest);
      return memory;
    },
  };

  async function read(subject: string, nowMs: number): Promise<Memory> {
    const { tracking } = await readTracking(store, subject);
    return { tracking, readAtMs: nowMs, told: new Set(), warned: false };
  }
}
