import type { Dice } from './dice.ts';

/** Secrets over time: what the parameter store holds and what PagerDuty signs with. */
export interface SecretsPlan {
  /** The value of a parameter at a time. */
  parameter(name: string, atMs: number): string;
  /** Secrets PagerDuty signs with at a time. */
  signing(atMs: number): string[];
  apiKey: string;
  /** From here on both sides agree. */
  settledAt: number;
}

const outgoing = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const hour = 3_600_000;

/** Sometimes the signing secret is rotated half-way, and not always in the order the runbook asks for. */
export function planSecrets(dice: Dice, storyEnd: number): SecretsPlan {
  const rotates = dice.chance(0.25);
  const at = storyEnd - dice.between(0, 8 * hour);
  // A careful operator tells the bridge first; a careless one lets hours pass.
  const told = dice.chance(0.5) ? at - dice.between(0, hour) : at + dice.spread(1_000, 5 * hour);
  const overlap = dice.chance(0.5) ? dice.spread(1_000, hour) : 0;
  const apiKey = 'api-key-canary-5d1f';
  return {
    apiKey,
    settledAt: rotates ? Math.max(at + overlap, told) : 0,
    signing: (now) => {
      if (!rotates || now < at) return ['signing-canary-old'];
      return now < at + overlap ? ['signing-canary-old', 'signing-canary-new'] : ['signing-canary-new'];
    },
    parameter: (name, now) => {
      if (name === '/bridge/signing') {
        return rotates && now >= told ? 'signing-canary-old, signing-canary-new' : 'signing-canary-old';
      }
      if (name === '/bridge/keys') return `other-key,${apiKey}`;
      if (name === '/bridge/outgoing') return outgoing;
      return `canary-of-${name}`;
    },
  };
}
