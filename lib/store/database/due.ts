/** Work is spread over this many partitions of the `due` index. */
export const dueShards = 8;

/** The shard a key belongs to, always the same one (FNV-1a). */
export function dueShard(key: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return String((hash >>> 0) % dueShards);
}

/** Epoch milliseconds as the tables write times: ISO 8601, UTC, milliseconds. */
export const iso = (ms: number): string => new Date(ms).toISOString();

/** Clocks of two workers, or one before and after it was set right, differ by no more where nothing is wrong. */
const clocksDifferMs = 60_000;

/** A lease or claim of `lastsMs` that reaches further ahead than this was taken before the clock went back. */
export const furthestAhead = (nowMs: number, lastsMs: number): string =>
  iso(nowMs + lastsMs + clocksDifferMs);

/** Whether something that lasts some minutes at most is still on; not if it seems to last for hours. */
export const isUpcoming = (untilMs: number | undefined, nowMs: number): boolean =>
  untilMs !== undefined && untilMs > nowMs && untilMs <= nowMs + 300_000;

/** A TTL attribute's value: epoch seconds, `days` after `ms`. */
export const expiry = (ms: number, days: number): number => Math.floor(ms / 1000) + Math.ceil(days * 86_400);
