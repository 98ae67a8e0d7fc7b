import type { Clock, Secrets, Telemetry } from '../../ports.ts';
import type { ReadParameter } from './ssm-parameter.ts';

export interface SecretsOptions {
  /** The environment, for `env:NAME`. */
  environment: Record<string, string | undefined>;
  /** For `ssm:/path`. Absent on a laptop without AWS: such a reference is an error there. */
  readParameter?: ReadParameter;
  clock: Pick<Clock, 'now'>;
  telemetry: Telemetry;
}

interface Entry {
  values: string[];
  readAtMs: number;
  /** The last failure since then, if any. */
  failedAtMs: number;
}

const cacheMs = 5 * 60_000;
/** Forged signatures must not turn into a stream of calls to SSM: one forced refresh in this time. */
const betweenForcedReadsMs = 30_000;
/** While SSM fails, the last good value is served without making every webhook wait for another failure. */
const betweenFailedReadsMs = 15_000;

/**
 * Secrets by reference. Nothing is ever returned that was not read from the source, and never an empty list:
 * without a secret the caller gets an exception and nobody gets in.
 *
 *   read ──── cached ≤ 5 min ────▶ expired: read again ── fails ──▶ last good value, next try in 15 s
 */
export function createSecrets({ environment, readParameter, clock, telemetry }: SecretsOptions): Secrets {
  const entries = new Map<string, Entry>();
  const forcedAtMs = new Map<string, number>();
  const underway = new Map<string, Promise<string[]>>();

  return {
    async read(reference, { fresh = false } = {}) {
      const entry = entries.get(reference);
      const due = !entry || isStale(entry) || (fresh && mayForce(reference));
      return due ? (underway.get(reference) ?? startReading(reference)) : entry.values;
    },
  };

  function isStale({ readAtMs, failedAtMs }: Entry): boolean {
    const now = clock.now();
    return now - readAtMs >= cacheMs && now - failedAtMs >= betweenFailedReadsMs;
  }

  function mayForce(reference: string): boolean {
    const now = clock.now();
    if (now - (forcedAtMs.get(reference) ?? -Infinity) < betweenForcedReadsMs) return false;
    forcedAtMs.set(reference, now);
    return true;
  }

  function startReading(reference: string): Promise<string[]> {
    const reading = refresh(reference).finally(() => underway.delete(reference));
    underway.set(reference, reading);
    return reading;
  }

  async function refresh(reference: string): Promise<string[]> {
    try {
      const values = split(await fetchValue(reference), reference);
      entries.set(reference, { values, readAtMs: clock.now(), failedAtMs: -Infinity });
      return values;
    } catch (error) {
      telemetry.metric('SecretsReadFailed', 1);
      const entry = entries.get(reference);
      const consequence = entry ? 'the last good value is served' : 'there is none to serve';
      telemetry.error(`secret ${reference} could not be read, ${consequence}`, { reference, error });
      if (!entry) throw error;
      entries.set(reference, { ...entry, failedAtMs: clock.now() });
      return entry.values;
    }
  }

  async function fetchValue(reference: string): Promise<string> {
    const [kind, name] = [reference.slice(0, 4), reference.slice(4)];
    if (kind === 'env:') return fromEnvironment(name);
    if (kind !== 'ssm:') {
      throw new Error('a secret is referred to as env:NAME or ssm:/path/to/parameter, this one is neither');
    }
    if (!readParameter) {
      throw new Error(`${reference} needs AWS Systems Manager; use env:NAME when running without AWS`);
    }
    return readParameter(name);
  }

  function fromEnvironment(name: string): string {
    const value = environment[name];
    if (value === undefined)
      throw new Error(`the environment variable ${name} is not set; set it or change env:${name}`);
    return value;
  }
}

function split(text: string, reference: string): string[] {
  const values = text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length === 0) throw new Error(`${reference} is empty; nothing is accepted without a secret`);
  return values;
}
