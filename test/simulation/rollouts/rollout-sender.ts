import { createHmac } from 'node:crypto';
import type { EdgeResponse, RoutedRequest } from '../../../lib/adapters/incoming-http/request.ts';
import type { Dice } from '../dice.ts';
import type { Scheduler } from '../scheduler.ts';
import type { SecretsPlan } from '../secrets-plan.ts';
import type { CiSource, Export, Rollout, RolloutPlan, Telling } from './rollout-plan.ts';

/** An answer as its sender heard it; undefined where it heard none in time. */
interface Answered {
  at: number;
  status: number | undefined;
  body?: string | undefined;
}

/** What senders remember of a run. */
export interface RolloutLedger {
  tellings: (Answered & { rollout: Rollout; telling: Telling })[];
  exports: (Answered & { sent: Export })[];
  removals: (Answered & { rollout: Rollout; id: string })[];
}

export const emptyLedger = (): RolloutLedger => ({ tellings: [], exports: [], removals: [] });

export interface RolloutSenderDeps {
  scheduler: Scheduler;
  dice: Dice;
  secrets: SecretsPlan;
  ask(request: RoutedRequest, listener: (answer: EdgeResponse | undefined) => void): void;
  note(line: () => string): void;
}

/** All of these hang up by then. */
const hangsUpAfterMs = 10_000;
/** An OTLP exporter tries for so long, then what it has is gone. */
const exporterTriesAfterMs = [5_000, 10_000, 20_000];
const removalTriesAfterMs = Array.from({ length: 8 }, (_, at) => 20_000 * 2 ** at);

export function createRolloutSender(deps: RolloutSenderDeps, plan: RolloutPlan, ledger: RolloutLedger) {
  const { scheduler, dice, secrets } = deps;
  let waiting = 0;

  const post = (
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string,
    heard: (answer: Answered) => void,
  ) => {
    const at = scheduler.now();
    let open = true;
    const hear = (answer: EdgeResponse | undefined) => {
      if (!open) return;
      open = false;
      heard({ at, status: answer?.status, body: answer?.body });
    };
    const rawBody = Buffer.from(body);
    deps.ask({ method, path, query: '', headers, rawBody, arrivedAtMs: at }, hear);
    scheduler.after(hangsUpAfterMs, () => hear(undefined));
  };

  /** Sends until it is taken or its sender has lost patience. */
  const persist = (
    send: (heard: (answer: Answered) => void) => void,
    pauses: readonly number[],
    heard: (answer: Answered) => void,
  ) => {
    waiting += 1;
    send((answer) => {
      heard(answer);
      const [pause, ...rest] = pauses;
      if (!isOver(answer) && pause !== undefined)
        scheduler.after(pause, () => {
          waiting -= 1;
          persist(send, rest, heard);
        });
      else waiting -= 1;
    });
  };

  const tell = (rollout: Rollout, telling: Telling) => {
    const { source, path, headers, body } = telling;
    const send = (heard: (answer: Answered) => void) =>
      post('POST', path, { ...headers, ...credentials(secrets, source, body, scheduler.now()) }, body, heard);
    let repeats = dice.chance(0.15) ? 1 : 0;
    const heard = (answer: Answered) => {
      ledger.tellings.push({ ...answer, rollout, telling });
      deps.note(() => `${source}: ${telling.endsAt ? 'end' : 'start'} -> ${answer.status ?? 'no answer'}`);
      if (!isOver(answer) || repeats === 0) return;
      repeats -= 1;
      waiting += 1;
      scheduler.after(dice.spread(1_000, 20 * 60_000), () => {
        waiting -= 1;
        persist(send, telling.triesAgainAfter, heard);
      });
    };
    persist(send, telling.triesAgainAfter, heard);
  };

  const takeBack = (rollout: Rollout) => {
    const id = idOf(ledger, rollout);
    if (id === undefined) return;
    const headers = {
      'dd-api-key': secrets.parameter('/bridge/ingest', scheduler.now()),
      'dd-application-key': secrets.parameter('/bridge/ingest-manager', scheduler.now()),
    };
    persist(
      (heard) => post('DELETE', `/api/v2/dora/deployment/${id}`, headers, '', heard),
      removalTriesAfterMs,
      (answer) => ledger.removals.push({ ...answer, rollout, id }),
    );
  };

  const plannedAt = (at: number, run: () => void) => {
    waiting += 1;
    scheduler.at(at, () => {
      waiting -= 1;
      run();
    });
  };
  for (const rollout of plan.rollouts) {
    for (const telling of rollout.tellings) plannedAt(telling.at, () => tell(rollout, telling));
    if (rollout.takenBackAt !== undefined) plannedAt(rollout.takenBackAt, () => takeBack(rollout));
  }
  for (const sent of plan.exports) {
    plannedAt(sent.at, () => {
      const headers = { 'content-type': 'application/json', ...apiKey(secrets, scheduler.now()) };
      persist(
        (heard) => post('POST', '/v1/metrics', headers, sent.body, heard),
        exporterTriesAfterMs,
        (answer) => ledger.exports.push({ ...answer, sent }),
      );
    });
  }
  return { waiting: () => waiting };
}

/** 404 to who tries to delete once more: the first answer was lost. */
const isOver = ({ status }: Answered): boolean => status !== undefined && (status < 300 || status === 404);

const apiKey = (secrets: SecretsPlan, now: number) => ({
  'x-api-key': secrets.parameter('/bridge/ingest', now),
});

function credentials(secrets: SecretsPlan, source: CiSource, body: string, now: number) {
  const secret = secrets.pipelines(now);
  if (source === 'gitlab') return { 'x-gitlab-token': secret };
  if (source !== 'github') return apiKey(secrets, now);
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}

/** What the DORA API has answered is the id of it. */
function idOf({ tellings }: RolloutLedger, rollout: Rollout): string | undefined {
  const answered = tellings.find(
    (each) => each.rollout === rollout && each.telling.source === 'dora_api' && each.status === 200,
  );
  return answered?.body === undefined ? undefined : JSON.parse(answered.body).data.id;
}
