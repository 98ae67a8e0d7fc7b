import type { Dice } from '../dice.ts';

/** One request of a program that reports an incident, as Datadog's DORA API takes it. */
export interface ReportMessage {
  at: number;
  /** Different for each, and told as a tag: by that it is found again. */
  number: number;
  attributes: Record<string, unknown>;
}

/** What one program tells of one incident. */
export interface ReportStory {
  services: string[];
  team?: string;
  env?: string;
  messages: ReportMessage[];
  /** Its row gets lost then, and is made anew from the log. */
  lost?: { at: number; key: string };
  /** It is taken back then, provided anything of it was accepted. */
  withdrawnAt?: number;
}

const minute = 60_000;

/** The catalog of every run has `unrelated` from the start, and its team. */
const owners = [
  { services: ['unrelated'] },
  { services: ['nowhere', 'unrelated'] },
  { services: ['nowhere'] },
  { services: ['unrelated'], team: 'night-shift' },
  { services: [], team: 'night-shift' },
];

/** In some runs other programs report incidents too: starts, corrections and ends apart, in any order, at once. */
export function planReports(dice: Dice, from: number, until: number): ReportStory[] {
  if (!dice.chance(0.2)) return [];
  let number = 0;
  return Array.from({ length: dice.between(1, 3) }, (_, at) => {
    const drawn = dice.between(from, Math.max(from, until));
    // Without ids two of one second, env and owner would rightly be one.
    const started = drawn + ((((at - Math.floor(drawn / 1000)) % 3) + 3) % 3) * 1000;
    const finished = started + dice.spread(1_000, 120 * minute);
    const owner = dice.pick(owners);
    const env = dice.pick(['staging', 'live', undefined]);
    const id = dice.chance(0.5) ? `INC-${at}-${dice.id(16)}` : undefined;
    const same = {
      ...(owner.services.length > 0 && { services: owner.services }),
      ...('team' in owner && { team: owner.team }),
      ...(env && { env }),
      ...(id !== undefined && { id }),
    };
    // Who tells no id must tell the same second, and may know it better.
    const startedAt = () => started - (started % 1000) + dice.between(0, 999);
    const tell = (atMs: number, more: Record<string, unknown>): ReportMessage => {
      number += 1;
      const attributes = { ...same, started_at: startedAt(), custom_tags: [`message:${number}`], ...more };
      return { at: atMs, number, attributes };
    };
    const later = (ms: number) => ms + dice.spread(10, 5_000);
    const ends = dice.chance(0.85);
    const messages = [
      tell(later(started), { ...(dice.chance(0.7) && { name: `Slow ${at}` }), severity: 'SEV-2' }),
      ...(dice.chance(0.4) ? [tell(later(started), { name: `Very slow ${at}`, severity: 'SEV-1' })] : []),
      ...(ends ? [tell(later(finished), { finished_at: finished })] : []),
      ...(ends && dice.chance(0.25)
        ? [tell(later(finished + minute), { finished_at: finished + 5_000, name: `Over ${at}` })]
        : []),
    ];
    const withdrawn = dice.chance(0.2) && { withdrawnAt: finished + dice.spread(minute, 60 * minute) };
    const lost = id !== undefined &&
      dice.chance(0.4) && { lost: { at: finished + dice.spread(1_000, 30 * minute), key: `dora:${id}` } };
    return { ...owner, ...(env && { env }), messages: disordered(dice, messages), ...withdrawn, ...lost };
  });
}

/** As a pipeline tells them, all at once at the end, or in an order of their own. */
function disordered(dice: Dice, messages: ReportMessage[]): ReportMessage[] {
  const way = dice.unit();
  if (way < 0.4) return messages;
  const last = Math.max(...messages.map(({ at }) => at));
  if (way < 0.7) return messages.map((message) => ({ ...message, at: last }));
  const times = dice.shuffled(messages.map(({ at }) => at));
  return messages.map((message, index) => ({ ...message, at: times[index] ?? last }));
}
