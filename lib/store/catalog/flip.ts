import { usesNamespaces } from '../../domain/catalog/assemble.ts';
import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { putNew, remove, update } from '../database/request.ts';
import { contradictionsIn, findOverlaps, refuseContradictions } from './overlaps.ts';
import { CatalogPushError } from './push-error.ts';
import type { PushDeps, PushPlan } from './push-plan.ts';
import { readConsistently } from './reader.ts';
import type { Respelled } from './respell.ts';
import {
  type GenerationRow,
  generationAfter,
  generationLookup,
  noGeneration,
  partOf,
  pointerKey,
} from './rows.ts';

const table = 'catalog';
/** Hundreds of repositories may push at the same moment; each try lets one of them through. */
const attempts = 30;
/** Far below the age from which others take an unfinished push for a dead one. */
const slowestMs = 30 * 60_000;
const largestGeneration = 350_000;

interface OwnPush {
  pushId: string;
  startedMs: number;
  respelled: Respelled;
}

/**
 * Puts a push into force by moving the pointer from the generation it was planned against to a new one. If other
 * sources have moved it meanwhile, the plan is still true as long as its own source is unchanged; what others have
 * said of the same services meanwhile is told.
 */
export async function flip(
  deps: PushDeps,
  plan: PushPlan,
  push: OwnPush,
): Promise<{ generation: string; contradictions: readonly string[] }> {
  const { store, clock, random } = deps;
  const { source } = plan;
  const planned = partOf(plan.base, source)?.push_id;
  const { added, changed } = plan.difference;
  let base = plan.base;
  let shares = plan.shares;
  let contradictions: readonly string[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (clock.now() - push.startedMs > slowestMs) {
      throw new CatalogPushError(
        'catalog_push_too_slow',
        `Writing source "${source}" took more than 30 minutes, so it was given up; nothing has changed. Push again.`,
      );
    }
    const next = generationAfter(base.generation, random.token());
    await putNew(store, table, generationRow(next, base, { ...plan, shares }, push, clock.now()), 'lookup');
    if (await movePointer(store, base.generation, next, source, clock.now()))
      return { generation: next, contradictions };

    base = (await readConsistently(store, async () => undefined)).generation;
    // A first try whose answer got lost may have succeeded all the same.
    const present = partOf(base, source)?.push_id;
    if (present === push.pushId || base.generation === next) {
      return { generation: base.generation, contradictions };
    }
    await remove(store, table, { lookup: generationLookup, generation: next });
    if (present !== planned) throw sourceChanged(source);
    const overlaps = await findOverlaps(
      store,
      source,
      [...added, ...changed.map(({ after }) => after)],
      base,
    );
    const now = contradictionsIn(source, overlaps);
    if (plan.strict) refuseContradictions(now);
    contradictions = now.filter((sentence) => !plan.contradictions.includes(sentence));
    shares ||= overlaps.length > 0;
    await clock.sleep(Math.floor(random.unit() * 50 * (attempt + 1)));
  }
  throw sourceChanged(source);
}

function generationRow(next: string, base: GenerationRow, plan: PushPlan, push: OwnPush, nowMs: number): Row {
  const sources = { ...base.sources };
  for (const [source, part] of Object.entries(sources)) {
    if (push.respelled.get(source) === part.push_id) sources[source] = { ...part, folded_names: true };
  }
  const services = plan.entries.filter((entry) => entry.type === 'service').length;
  if (plan.entries.length === 0) delete sources[plan.source];
  else {
    sources[plan.source] = {
      push_id: push.pushId,
      pushed_at: iso(nowMs),
      services,
      teams: plan.entries.length - services,
      folded_names: true,
      ...(plan.shares ? { shares: true } : {}),
      ...(usesNamespaces(plan.entries) ? { namespaced: true } : {}),
    };
  }
  if (Buffer.byteLength(JSON.stringify(sources)) > largestGeneration) {
    throw new CatalogPushError(
      'catalog_too_many_sources',
      `The catalog has ${Object.keys(sources).length} sources, more than fit into one row; push several repositories under one --source.`,
    );
  }
  return {
    lookup: generationLookup,
    generation: next,
    created_at: iso(nowMs),
    created_by: plan.source,
    sources,
  };
}

async function movePointer(
  store: Store,
  from: string,
  to: string,
  source: string,
  nowMs: number,
): Promise<boolean> {
  const first = from === noGeneration;
  const row = await update(store, table, pointerKey, {
    set: { current: to, changed_at: iso(nowMs), changed_by: source },
    when: first ? 'attribute_not_exists(#lookup)' : '#current = :from',
    ...(first ? {} : { values: { from } }),
  });
  return row !== undefined;
}

function sourceChanged(source: string): CatalogPushError {
  return new CatalogPushError(
    'catalog_changed',
    `Somebody else has pushed source "${source}" since its difference was computed; nothing has been changed. Push again to see the new difference.`,
  );
}
