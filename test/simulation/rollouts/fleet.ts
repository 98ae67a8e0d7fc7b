import type { Dice } from '../dice.ts';

/** What is deployed, and where to: no other actor uses this environment. */
export const service = 'unrelated';
export const env = 'fleet';

/** Every source knows a build by both, telemetry perhaps by its version only. */
export interface Build {
  version: string;
  commit: string;
}

/** One instance, and how long it runs what. */
interface Instance {
  /** It keeps its place when another version takes it over. */
  place: number;
  build: Build;
  from: number;
  until: number;
}

/** The instances of the one service that is looked at. */
export interface Fleet {
  /** One instance after the other, the last of them when the time is over. */
  roll(build: Build, from: number, until: number): void;
  /** Others start beside those that run, which stop when the time is over. */
  swap(build: Build, from: number, until: number): void;
  /** One instance for a while, then what was there before. */
  tryOut(build: Build, from: number, until: number): void;
  /** What runs at a time in the places that one of so many collectors looks after. */
  runningAt(time: number, collector: number, collectors: number): Build[];
}

export function createFleet(dice: Dice, first: Build): Fleet {
  const size = dice.between(2, 5);
  const never = Number.POSITIVE_INFINITY;
  let places = size;
  const all: Instance[] = Array.from({ length: size }, (_, place) => ({
    place,
    build: first,
    from: Number.NEGATIVE_INFINITY,
    until: never,
  }));
  const running = () => all.filter(({ until }) => until === never);
  const replace = (old: Instance, build: Build, at: number) => {
    old.until = at;
    all.push({ place: old.place, build, from: at, until: never });
  };

  return {
    roll: (build, from, until) => {
      const old = running();
      for (const [index, instance] of old.entries())
        replace(instance, build, from + Math.round(((until - from) * (index + 1)) / old.length));
    },
    swap: (build, from, until) => {
      for (const instance of running()) {
        instance.until = until;
        all.push({ place: places, build, from, until: never });
        places += 1;
      }
    },
    tryOut: (build, from, until) => {
      const [instance] = running();
      if (!instance) return;
      const before = instance.build;
      replace(instance, build, from);
      const tried = all.at(-1);
      if (tried) replace(tried, before, until);
    },
    runningAt: (time, collector, collectors) =>
      all
        .filter(({ place, from, until }) => place % collectors === collector && from <= time && time < until)
        .map(({ build }) => build),
  };
}
