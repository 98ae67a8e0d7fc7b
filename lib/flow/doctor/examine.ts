import type { Check, DoctorDeps, Finding, Health } from './check.ts';
import { checks } from './checks.ts';

export interface Examined extends Finding {
  check: string;
}

const usualLimitMs = 5_000;
const worstFirst: readonly Health[] = ['fault', 'warning', 'skipped', 'ok'];

/** Looks at everything at once, each within its limit; the worst first, what is equally bad in the order of the list. */
export async function examine(deps: DoctorDeps, all: readonly Check[] = checks): Promise<Examined[]> {
  const found = await Promise.all(all.map((check) => lookAt(check, deps)));
  return found.flat().sort((one, other) => worstFirst.indexOf(one.health) - worstFirst.indexOf(other.health));
}

async function lookAt(check: Check, deps: DoctorDeps): Promise<Examined[]> {
  const limitMs = check.limitMs ?? usualLimitMs;
  const late = deps.clock
    .sleep(limitMs)
    .then((): Finding[] => [
      { health: 'warning', says: `could not be looked at within ${limitMs / 1000} s` },
    ]);
  const findings = await Promise.race([check.look(deps).catch(unforeseen), late]);
  return findings.map((finding) => ({ check: check.name, ...finding }));
}

/** What cannot be looked at is not known to be well. */
const unforeseen = (error: Error): Finding[] => [
  { health: 'fault', says: `could not be looked at: ${error.message}` },
];
