import type { Call } from './ambush.ts';
import type { Dice } from './dice.ts';
import { applicableFaults, type FaultKind } from './fault-kinds.ts';
import type { Scheduler } from './scheduler.ts';
import type { Weather } from './weather.ts';

export type Role = 'receive' | 'ingest' | 'forward' | 'sweep' | 'reconcile' | 'cli';

/** Returned by an effect that nobody answers: the caller hears of it when its own timeout is over. */
export const silence = Symbol('silence');

/** One call of the product to the outside world. */
export interface PortCall<T> extends Call {
  /** Milliseconds there and back. */
  latency: [number, number];
  /** What happens outside; throws what the product is to see. */
  effect(): T | typeof silence;
  /** The error for a call that did not take effect, and for one that may have. */
  refused(): Error;
  lost(): Error;
  throttled?(): Error;
  timedOut?(): Error;
  /** The product hears of a timeout after this, whatever has happened by then. */
  timeoutMs?: number;
}

/**
 * One life of one process: a warm Lambda environment, or a run of the local server. When it dies, whatever it
 * was waiting for never comes, so its code never goes on.
 */
export interface Incarnation {
  id: number;
  role: Role;
  alive(): boolean;
  crash(): void;
  /** Called once when it dies. */
  onCrash(listener: () => void): void;
  /** Its clock, which may be off. */
  now(): number;
  call<T>(call: PortCall<T>): Promise<T>;
  sleep(ms: number): Promise<void>;
}

export interface IncarnationDeps {
  scheduler: Scheduler;
  weather: Weather;
  dice: Dice;
  trace(line: () => string): void;
}

export function createIncarnation(
  deps: IncarnationDeps,
  id: number,
  role: Role,
  skewMs: number,
): Incarnation {
  const { scheduler, weather, trace } = deps;
  let alive = true;
  let listeners: (() => void)[] = [];
  const crash = () => {
    if (!alive) return;
    alive = false;
    const told = listeners;
    listeners = [];
    for (const listener of told) listener();
  };
  const self = { id, role, alive: () => alive };
  const name = `${role}-${id}`;

  const begin = <T>(
    call: PortCall<T>,
    fault: FaultKind | undefined,
    resolve: (v: T) => void,
    reject: (e: Error) => void,
  ) => {
    const [there, back] = call.latency;
    const answer = (after: number, settle: () => void) =>
      scheduler.after(after, () => {
        if (alive) settle();
      });
    const limit = call.timeoutMs ?? Number.POSITIVE_INFINITY;
    const attempt = (): (() => void) => {
      try {
        const value = call.effect();
        if (value !== silence) return () => resolve(value);
        return () =>
          answer(Math.max(0, limit - there - back), () => reject(call.timedOut?.() ?? call.lost()));
      } catch (error) {
        return () => reject(error as Error);
      }
    };
    const overdue = () => reject(call.timedOut?.() ?? call.lost());
    switch (fault) {
      case 'crash_before':
        crash();
        return;
      case 'crash_after':
        scheduler.after(there, () => {
          if (!alive) return;
          attempt();
          crash();
        });
        return;
      case 'error_before':
        answer(there + back, () => reject(call.refused()));
        return;
      case 'throttle':
        answer(there + back, () => reject((call.throttled ?? call.refused)()));
        return;
      case 'error_after':
        scheduler.after(there, () => {
          attempt();
          answer(back, () => reject(call.lost()));
        });
        return;
      case 'retried':
        scheduler.after(there, () => {
          attempt();
          scheduler.after(deps.dice.spread(50, 3_000), () => {
            if (alive) answer(back, attempt());
          });
        });
        return;
      case 'late_effect':
        // This call stands still, and the SDK's own timeout with it.
        weather.late(self, call, () => {
          if (alive) answer(back, attempt());
        });
        return;
      case 'late_answer':
        scheduler.after(there, () => {
          const settle = attempt();
          let heard = false;
          const hear = (what: () => void) => () => {
            if (alive && !heard) what();
            heard = true;
          };
          weather.late(self, call, hear(settle));
          if (limit < Number.POSITIVE_INFINITY) scheduler.after(limit, hear(overdue));
        });
        return;
      default:
        scheduler.after(there, () => {
          if (there + back < limit) answer(back, attempt());
          else {
            attempt();
            answer(Math.max(0, limit - there), overdue);
          }
        });
    }
  };

  return {
    id,
    role,
    alive: () => alive,
    crash,
    onCrash: (listener) => {
      listeners.push(listener);
    },
    now: () => scheduler.now() + skewMs,
    call: (call) =>
      new Promise((resolve, reject) => {
        // Killed between two of several calls made at once: the rest of them is never made.
        if (!alive) return;
        const fault = weather.strike(self, call, applicableFaults[call.kind] ?? []);
        trace(() => `${name} ${call.label} ${call.about?.() ?? ''}${fault ? `  << ${fault}` : ''}`);
        begin(call, fault, resolve, reject);
      }),
    sleep: (ms) =>
      new Promise((resolve) => {
        const call = { label: `${role} sleep`, kind: 'sleep' };
        const fault = ms > 0 ? weather.strike(self, call, applicableFaults['sleep'] ?? []) : undefined;
        if (fault === 'crash_before') crash();
        const wake = () => {
          if (alive) resolve();
        };
        scheduler.after(ms, fault === 'late_answer' ? () => weather.late(self, call, wake) : wake);
      }),
  };
}
