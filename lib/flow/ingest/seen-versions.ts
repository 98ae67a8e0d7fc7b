import type { RunningVersion } from '../../domain/deployment/versions/running-version.ts';
import { type Seen, see } from '../../domain/deployment/versions/see.ts';
import { sightingEntry, subjectOf } from '../../domain/deployment/versions/sighting-entry.ts';
import { mostCandidates, type Pace, type Sighting } from '../../domain/deployment/versions/tracking.ts';
import type { Clock, Telemetry } from '../../ports.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { inParallel } from '../../store/database/in-parallel.ts';
import { readTracking, saveTracking } from '../../store/state/versions.ts';
import type { IncomingEvent } from '../receive/incoming-event.ts';
import { createVersionMemory, type Memory } from './version-memory.ts';

/** What an export says that has to be written down. */
export interface News {
  events: IncomingEvent[];
  /** To be called when they are in the log: they are not told again. */
  told(): void;
}

export interface SeenVersions {
  /** `seenAtMs`: when the export came. Whoever has been standing still since then has seen nothing newer. */
  weigh(running: readonly RunningVersion[], seenAtMs: number): Promise<News>;
}

interface SeenVersionsDeps {
  store: Store;
  clock: Clock;
  telemetry: Telemetry;
  settleMs: number;
}

/** A running version and what is known of its service. */
interface Heard {
  subject: string;
  running: RunningVersion;
  memory: Memory;
}

const atOnce = 16;
/** Others mark the same; and the next sighting comes soon. */
const attempts = 3;

/** Tells what is new of what telemetry says. What is known costs nothing. */
export function createSeenVersions({ store, clock, telemetry, settleMs }: SeenVersionsDeps): SeenVersions {
  const memories = createVersionMemory(store, settleMs);

  return {
    async weigh(running, seenAtMs) {
      const nowMs = clock.now();
      // Seconds are enough, and functions that see the same at the same time write the same.
      const at = Math.floor(seenAtMs / 1000) * 1000;
      const pace = { settleMs, nowMs };
      const unknown = running.filter((one) => !isKnown(one, at, pace));
      if (unknown.length === 0) return nothing;
      const heard = await remembered(unknown, nowMs);
      const isNews = await inParallel(heard, atOnce, (one) => weighOne(one, at, pace));
      const news = withRoom(heard.filter((_, index) => isNews[index]));
      return {
        events: news.map((one) => sightingEntry(one.running, at)),
        told: () => {
          for (const { memory, running } of news) memory.told.add(running.version);
        },
      };
    },
  };

  function isKnown(running: RunningVersion, at: number, pace: Pace): boolean {
    const memory = memories.peek(subjectOf(running), pace.nowMs);
    if (!memory) return false;
    const { effect } = effectOn(memory, running, at, pace);
    return effect === 'nothing' || (effect === 'news' && memory.told.has(running.version));
  }

  async function remembered(running: readonly RunningVersion[], nowMs: number): Promise<Heard[]> {
    const subjects = running.map(subjectOf);
    const unique = [...new Set(subjects)];
    const recalled = await inParallel(unique, atOnce, (subject) => memories.recall(subject, nowMs));
    const bySubject = new Map(unique.map((subject, index) => [subject, recalled[index] as Memory]));
    return running.map((one, index) => {
      const subject = subjects[index] as string;
      return { subject, running: one, memory: bySubject.get(subject) as Memory };
    });
  }

  /** Whether the log has to be told. */
  async function weighOne(heard: Heard, at: number, pace: Pace): Promise<boolean> {
    const { memory, running } = heard;
    let { effect } = effectOn(memory, running, at, pace);
    if (effect === 'mark') effect = await mark(heard, { version: running.version, at }, pace);
    if (effect === 'crowded') warn(heard);
    return effect === 'news' && !memory.told.has(running.version);
  }

  /** Notes in the row when the version was last seen, as far as it matters. */
  async function mark({ subject, memory }: Heard, sighting: Sighting, pace: Pace): Promise<Seen['effect']> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const known = await readTracking(store, subject);
      memory.tracking = known.tracking;
      if (!known.tracking) return 'news';
      const { effect, tracking } = see(known.tracking, sighting, pace);
      if (effect !== 'mark') return effect;
      if (!(await saveTracking(store, subject, known, tracking))) continue;
      memory.tracking = tracking;
      return 'nothing';
    }
    return 'nothing';
  }

  /** The row may be behind what the log was told: what it will have no room for is not told. */
  function withRoom(news: readonly Heard[]): Heard[] {
    const left = new Map<Memory, number>();
    return news.filter((heard) => {
      const { memory } = heard;
      const candidates = memory.tracking?.versions.filter(({ standing }) => standing === 'candidate') ?? [];
      const room = left.get(memory) ?? mostCandidates - candidates.length - memory.told.size;
      left.set(memory, room - 1);
      if (room <= 0) warn(heard);
      return room > 0;
    });
  }

  function warn({ memory, running: { service, env, version } }: Heard): void {
    if (memory.warned) return;
    memory.warned = true;
    const message = 'too many versions of a service report at once, no more are taken for deployments';
    telemetry.warn(message, { service, env, version });
  }
}

const nothing: News = { events: [], told: () => {} };

const effectOn = (
  { tracking }: Memory,
  { version }: RunningVersion,
  at: number,
  pace: Pace,
): Pick<Seen, 'effect'> => (tracking ? see(tracking, { version, at }, pace) : { effect: 'news' });
