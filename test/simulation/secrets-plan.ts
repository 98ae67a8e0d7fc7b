import type { Dice } from './dice.ts';

/** Secrets over time: what the parameter store holds and what PagerDuty signs with. */
export interface SecretsPlan {
  /** The value of a parameter at a time. */
  parameter(name: string, atMs: number): string;
  /** Secrets PagerDuty signs with at a time. */
  signing(atMs: number): string[];
  apiKey: string;
  /** What pipelines sign with, or send, at a time; `pipelinesAgree`: whether the bridge knows it by then. */
  pipelines(atMs: number): string;
  pipelinesAgree(atMs: number): boolean;
  /** From here on both sides agree. */
  settledAt: number;
}

/** When the bridge is told of a new secret, and from when on it is used. */
export interface Change {
  told: number;
  at: number;
}

const outgoing = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const hour = 3_600_000;

/**
 * Sometimes the signing secret is rotated half-way, and not always in the order the runbook asks for. `change`: when
 * that of pipelines is, where it matters.
 */
export function planSecrets(dice: Dice, storyEnd: number, change?: Change): SecretsPlan {
  const rotates = dice.chance(0.25);
  const at = storyEnd - dice.between(0, 8 * hour);
  // A careful operator tells the bridge first; a careless one lets hours pass.
  const told = dice.chance(0.5) ? at - dice.between(0, hour) : at + dice.spread(1_000, 5 * hour);
  const overlap = dice.chance(0.5) ? dice.spread(1_000, hour) : 0;
  const apiKey = 'api-key-canary-5d1f';
  const pipelines = rotation(change ?? planRotation(dice.fork('pipelines'), storyEnd));
  return {
    apiKey,
    pipelines: pipelines.used,
    pipelinesAgree: (now) => pipelines.known(now).includes(pipelines.used(now)),
    settledAt: rotates ? Math.max(at + overlap, told) : 0,
    signing: (now) => {
      if (!rotates || now < at) return ['signing-canary-old'];
      return now < at + overlap ? ['signing-canary-old', 'signing-canary-new'] : ['signing-canary-new'];
    },
    parameter: (name, now) => {
      if (name === '/bridge/signing') {
        return rotates && now >= told ? 'signing-canary-old, signing-canary-new' : 'signing-canary-old';
      }
      if (name === '/bridge/github' || name === '/bridge/gitlab') return pipelines.known(now).join(',');
      if (name === '/bridge/keys') return `other-key,${apiKey}`;
      if (name === '/bridge/outgoing') return outgoing;
      return `canary-of-${name}`;
    },
  };
}

/** A webhook's secret that is changed, mostly after the bridge was told of the new one. */
function planRotation(dice: Dice, storyEnd: number): Change {
  const rotates = dice.chance(0.3);
  const at = rotates ? storyEnd - dice.between(0, 8 * hour) : Number.POSITIVE_INFINITY;
  return { at, told: dice.chance(0.7) ? at - dice.between(0, hour) : at + dice.spread(1_000, hour) };
}

function rotation({ told, at }: Change) {
  const [before, after] = ['pipeline-canary-old', 'pipeline-canary-new'];
  return {
    used: (now: number) => (now < at ? before : after),
    known: (now: number) => (now < told ? [before] : [before, after]),
  };
}
