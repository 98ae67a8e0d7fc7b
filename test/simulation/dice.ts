/** All randomness of a run comes from here: the same seed rolls the same numbers on every machine. */
export interface Dice {
  /** Uniform in [0, 1). */
  unit(): number;
  chance(probability: number): boolean;
  /** A whole number, both ends included. */
  between(low: number, high: number): number;
  /** Between the ends, small ones as likely as large ones on a logarithmic scale. */
  spread(low: number, high: number): number;
  pick<T>(choices: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
  /** Characters that look like an id. */
  id(length: number): string;
  /** Dice of their own for one purpose, so that one more roll there does not change everything elsewhere. */
  fork(purpose: string): Dice;
}

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  return h >>> 0;
}

export function createDice(seed: number, purpose = ''): Dice {
  // sfc32: small, fast, and good enough to drive a simulation (https://pracrand.sourceforge.net).
  let a = hash(`a${purpose}`);
  let b = hash(`b${seed}`);
  let c = seed | 0;
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let warm = 0; warm < 12; warm += 1) next();

  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    unit: next,
    chance: (probability) => next() < probability,
    between,
    spread: (low, high) => Math.round(Math.exp(Math.log(low) + next() * (Math.log(high) - Math.log(low)))),
    pick: (choices) => choices[Math.floor(next() * choices.length)] as (typeof choices)[number],
    shuffled: (list) => {
      const copy = [...list];
      for (let at = copy.length - 1; at > 0; at -= 1) {
        const other = between(0, at);
        [copy[at], copy[other]] = [copy[other] as (typeof copy)[number], copy[at] as (typeof copy)[number]];
      }
      return copy;
    },
    id: (length) => Array.from({ length }, () => letters[Math.floor(next() * letters.length)]).join(''),
    fork: (other) => createDice(seed, `${purpose}/${other}`),
  };
}
