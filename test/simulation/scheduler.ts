/** Virtual time: it stands still while code runs and jumps to the next thing that happens. */
export interface Scheduler {
  now(): number;
  at(time: number, run: () => void): void;
  after(ms: number, run: () => void): void;
  /** Runs what is scheduled, in order of time, until `finished` says so or nothing is left. */
  run(finished: () => boolean): Promise<void>;
  /** How many things have happened. */
  steps(): number;
}

interface Planned {
  time: number;
  order: number;
  run: () => void;
}

/** Immediates run one after the other with all promises settled in between; a batch shares the loop's overhead. */
const batch = 32;

export function createScheduler(startMs: number): Scheduler {
  const heap: Planned[] = [];
  let now = startMs;
  let order = 0;
  let steps = 0;

  const before = (a: Planned, b: Planned) => a.time < b.time || (a.time === b.time && a.order < b.order);

  const push = (planned: Planned) => {
    let at = heap.length;
    heap.push(planned);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Planned;
      if (!before(planned, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = planned;
  };

  const pop = (): Planned | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || !last) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Planned, heap[child] as Planned)) child += 1;
      if (!before(heap[child] as Planned, last)) break;
      heap[at] = heap[child] as Planned;
      at = child;
    }
    heap[at] = last;
    return first;
  };

  const at = (time: number, run: () => void) => {
    order += 1;
    push({ time: Math.max(time, now), order, run });
  };

  return {
    now: () => now,
    at,
    after: (ms, run) => at(now + ms, run),
    steps: () => steps,
    run: (finished) =>
      new Promise((resolve, reject) => {
        let done = false;
        const step = () => {
          if (done) return;
          const next = finished() ? undefined : pop();
          if (!next) {
            done = true;
            resolve();
            return;
          }
          now = next.time;
          steps += 1;
          try {
            next.run();
          } catch (error) {
            done = true;
            reject(error);
          }
        };
        const refill = () => {
          if (done) return;
          for (let count = 0; count < batch; count += 1) setImmediate(step);
          setImmediate(refill);
        };
        refill();
      }),
  };
}
