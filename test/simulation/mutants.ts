import type { Patch } from './bundle.ts';
import type { Aim } from './weather.ts';

/** One plausible mistake in the product's code, which the simulation must notice. */
export interface Mutant {
  name: string;
  patches: Patch[];
  /** A seed that is known to show it: tried first, the others follow. */
  seed?: number;
  /** An await that is struck in each seed, for mistakes that show only when something happens just there. */
  aim?: Aim;
}

const mutant = (name: string, file: string, find: string, replace: string, seed?: number): Mutant => ({
  name,
  patches: [{ file, find, replace }],
  ...(seed !== undefined && { seed }),
});

export const mutants: Mutant[] = [
  mutant(
    'an event is deduplicated by when it came, not by what it is',
    'lib/flow/receive/incoming-event.ts',
    'logKey: logKey(occurredAtMs,',
    'logKey: logKey(Date.parse(receivedAt),',
  ),
  mutant(
    'the answer is given before the event is written',
    'lib/flow/receive/receive-from.ts',
    'const status = await appendEvent(store, loggedEvent(event, iso(now), context), now);',
    `void appendEvent(store, loggedEvent(event, iso(now), context), now).catch(() => {});
    const status = 'accepted' as 'accepted' | 'duplicate';`,
    3,
  ),
  mutant(
    'a failed write is answered 202',
    'lib/flow/receive/sources/pagerduty-webhook.ts',
    "return fault(503, 'unavailable', 'Not written down. Send it again.');",
    "return jsonResponse(202, { status: 'accepted' });",
    3,
  ),
  {
    ...mutant(
      'nothing watches the deadline',
      'lib/flow/receive/receive-from.ts',
      'return Promise.race([work, deadline]);',
      'return work;',
      3,
    ),
    // Few worlds are slow just there.
    aim: {
      label: 'receive PutItem events if attribute_not_exists(incident_id)',
      fault: 'late_effect',
    },
  },
  mutant(
    'a failed signature is answered 401 although a rotation may be the cause',
    'lib/flow/receive/sources/pagerduty-webhook.ts',
    "return fault(503, 'authentication_failed',",
    "return fault(401, 'authentication_failed',",
    23,
  ),
  mutant(
    'an event is written without its due mark',
    'lib/store/events/append-event.ts',
    'due_shard: dueShard(event.incidentId),',
    '',
    1,
  ),
  mutant(
    'a throttled write counts as a condition that was not met',
    'lib/store/database/request.ts',
    `    return unmarshall(answer.Attributes ?? {});
  } catch (error) {
    if (conditionFailed(error)) return undefined;
    throw error;`,
    `    return unmarshall(answer.Attributes ?? {});
  } catch (error) {
    return undefined;`,
    97,
  ),
  mutant(
    'only the first page of a query is read',
    'lib/store/database/request.ts',
    '} while (from && ',
    '} while (from === null && ',
    18,
  ),
  {
    ...mutant(
      'the incident row is written without looking at the epoch',
      'lib/store/incidents/lease.ts',
      '`#epoch = :epoch AND #lease_owner = :owner AND ${wakes',
      '`#epoch >= :epoch AND (#lease_owner = :owner OR attribute_exists(#epoch)) AND ${wakes',
      616,
    ),
    aim: {
      label:
        'forward UpdateItem incidents give the lease back if epoch >= :epoch AND (lease_owner = :owner OR attribute_exists(epoch)) AND wakes = :wakes',
      fault: 'late_effect',
    },
  },
  mutant(
    'a worker that finds the lease taken leaves no note',
    'lib/store/incidents/lease.ts',
    'add: { wakes: 1, ...(wokenBy.length ? { woken: new Set(wokenBy) } : {}) },',
    'set: { woken_at: iso(nowMs) },',
    92,
  ),
  {
    name: 'two workers may freeze at the same time',
    seed: 25,
    patches: [
      {
        file: 'lib/store/incidents/lease.ts',
        find: "when: 'attribute_not_exists(#lease_until) OR #lease_until <= :now OR #lease_until > :ahead',",
        replace:
          "when: 'attribute_not_exists(#lease_until) OR #lease_until <> :now OR #lease_until > :ahead',",
      },
      {
        file: 'lib/flow/freeze/freeze-events.ts',
        find: 'if (!(await freeze(deps.store, frozen))) throw new SequenceTaken(event.incidentId, sequence);',
        replace: `if (!(await freeze(deps.store, frozen))) {
    const { incidentId: incident_id } = frozen;
    await deps.store.db.send(
      new (await import('@aws-sdk/client-dynamodb')).UpdateItemCommand({
        TableName: deps.store.table('outgoing'),
        Key: { incident_id: { S: incident_id }, sequence: { N: String(sequence) } },
        UpdateExpression: 'SET #event_id = :event_id, #log_key = :log_key',
        ExpressionAttributeNames: { '#event_id': 'event_id', '#log_key': 'log_key' },
        ExpressionAttributeValues: { ':event_id': { S: event.eventId }, ':log_key': { S: event.logKey } },
      }),
    );
  }`,
      },
    ],
  },
  mutant(
    'an event that belongs before the last one folded is not noticed',
    'lib/flow/freeze/read-unfrozen.ts',
    'const early = before.length > 0 &&',
    'const early = before.length < 0 &&',
  ),
  mutant(
    'a late event is not marked late',
    'lib/flow/freeze/plan-round.ts',
    'const late = frozenThrough !== undefined && step.event.logKey < frozenThrough;',
    'const late = false;',
    5,
  ),
  mutant(
    'a filter swallows the end of an incident whose priority was lowered',
    'lib/domain/incident-filter/choose.ts',
    'if (owed.includes(name) && !wasLeftOut) continue;',
    '',
    8,
  ),
  mutant(
    'an incident that begins to count is told without what came before',
    'lib/flow/freeze/write-deliveries.ts',
    'const before = frozen.begins.includes(destination) ? await releaseAll(deps, key) : [];',
    'const before: Released[] = [];',
    16,
  ),
  mutant(
    'who has left an incident out is forgotten between two events',
    'lib/flow/freeze/progress.ts',
    'left_out_by: progress.leftOut.length ? progress.leftOut : undefined,',
    'left_out_by: undefined,',
    6,
  ),
  mutant(
    'a stay is matched again for every event',
    'lib/flow/freeze/attribute-events.ts',
    'if (recorded) return recorded;',
    'if (recorded && recorded.rule === undefined) return recorded;',
    14,
  ),
  mutant(
    'the due mark goes although another worker is still sending',
    'lib/flow/subjects/kinds/incident.ts',
    'if (busy.has(outgoing.sequence)) await',
    'if (busy.has(-outgoing.sequence)) await',
    6,
  ),
  mutant(
    'the due mark goes before anything is delivered',
    'lib/flow/subjects/kinds/incident.ts',
    "if (processed.kind !== 'processed') return false;",
    `if (processed.kind !== 'processed') return false;
  for (const { outgoing, dueAt } of processed.owed) {
    const key = { incidentId, logKey: outgoing.logKey };
    if (dueAt) await settleEvent(store, { ...key, dueAt }, { expiresAt: expiry(clock.now(), config.retention_days) });
  }`,
  ),
  mutant('sweep does not look for events', 'lib/flow/sweep/sweep.ts', '      sweepEvents(run),\n', '', 6),
  mutant(
    'sweep does not look for held incidents',
    'lib/flow/sweep/sweep.ts',
    '      sweepHeld(run),\n',
    '',
    21,
  ),
  mutant(
    'sweep does not look for deliveries',
    'lib/flow/sweep/sweep.ts',
    '...names.map((name) => sweepDestination(run, name)),',
    '...names.slice(names.length).map((name) => sweepDestination(run, name)),',
  ),
  mutant(
    'a delivery counts as delivered before it was sent',
    'lib/flow/deliver/send-in-turn.ts',
    'return await destination.send(payload, startedAtMs);',
    `void destination.send(payload, startedAtMs);
    return { outcome: 'delivered' } as SendResult;`,
  ),
  mutant(
    'an event does not wait for the one before it',
    'lib/flow/deliver/deliver-one.ts',
    "if (row?.status === 'pending' && predecessor?.status === 'pending') {",
    "if (row?.status === 'pending' && predecessor?.status === 'dead') {",
    4,
  ),
  mutant(
    'the row that waits behind an ended one is not woken',
    'lib/flow/deliver/settle.ts',
    'await releaseNext(store,',
    'void (releaseNext, store,',
    1,
  ),
  mutant(
    'attempts begin anew each time',
    'lib/flow/deliver/retry-later.ts',
    'const attempts = row.attempts + 1;',
    'const attempts = 1;',
    13,
  ),
  mutant(
    'the retry horizon begins anew with each attempt',
    'lib/flow/deliver/retry-later.ts',
    'const owedSinceMs = row.owedSince ? Date.parse(row.owedSince) : startedAtMs;',
    'const owedSinceMs = startedAtMs;',
    21,
  ),
  mutant(
    'a destination is given up after the third failure',
    'lib/domain/retry/retry.ts',
    'if (nowMs >= endsAtMs)',
    'if (nowMs >= endsAtMs || attempts > 2)',
    4,
  ),
  mutant(
    'a breaker that is open stays open',
    'lib/flow/deliver/health.ts',
    '  if (isHealthy(seen.breaker)) return;',
    '  if (isHealthy(seen.breaker) || !isHealthy(seen.breaker)) return;',
    30,
  ),
  mutant(
    'a server error of a destination counts as accepted',
    'lib/adapters/destinations/judge-answer.ts',
    'if (status >= 200 && status < 300)',
    'if (status >= 200)',
  ),
  mutant(
    'a destination gets as much at once as there are workers',
    'lib/flow/deliver/send-in-turn.ts',
    'config.destinations.find((each) => each.name === name)?.max_in_flight;',
    'config.destinations.some((each) => each.name === name) ? undefined : 0;',
    119,
  ),
  mutant(
    'each attempt has an id of its own',
    'lib/adapters/destinations/webhook.ts',
    "'webhook-id': payload.messageId,",
    "'webhook-id': payload.messageId + timestamp,",
  ),
  mutant(
    'the day spent resolved counts as outage',
    'lib/domain/incident/fold-reopening.ts',
    "next.status = 'triggered';\n  next.active_since = at;",
    "next.status = 'triggered';",
    3,
  ),
  mutant(
    'the catalog is switched before it is written',
    'lib/store/catalog/push.ts',
    'export async function applyPush(deps: PushDeps, plan: PushPlan): Promise<PushResult> {',
    `export async function applyPush(deps: PushDeps, plan: PushPlan): Promise<PushResult> {
  const early = deps.clock.now();
  if (!isEmpty(plan.difference)) {
    const pushId = \`\${iso(early)}-\${deps.random.token()}\`;
    const rows = pushRows(plan.source, pushId, plan.entries);
    const { generation } = await flip(deps, plan, { pushId, startedMs: early, respelled: new Map() });
    await batchWrite(deps.store, deps.clock, table, [...rows.source, ...rows.lookups].map((put) => ({ put })));
    return { generation, rowsWritten: 0, contradictions: [] };
  }`,
    28,
  ),
  mutant(
    'what could not be read is taken for gone',
    'lib/domain/catalog/kept-entries.ts',
    'if (unread.length === 0) return { entries: [...wanted], kept: [] };',
    'if (unread.length >= 0) return { entries: [...wanted], kept: [] };',
    71,
  ),
  mutant(
    'only the first source says which PagerDuty service it is',
    'lib/domain/catalog/merge.ts',
    'const pagerduty = mergeRefs(before.pagerduty, later.pagerduty);',
    'const pagerduty = before.pagerduty;',
    110,
  ),
  mutant(
    'a source that names no team takes it away',
    'lib/domain/catalog/merge.ts',
    'const team = later.team ?? before.team;',
    'const team = later.team;',
    84,
  ),
  mutant(
    'what DynamoDB left undone in a batch is forgotten',
    'lib/store/database/batch-write.ts',
    'open = answer.UnprocessedItems?.[name] ?? [];',
    'open = answer.UnprocessedItems?.[name]?.slice(0, 0) ?? [];',
    5,
  ),
  mutant(
    'a held event expires',
    'lib/flow/subjects/kinds/incident.ts',
    'else await settleEvent(store, event);',
    'else await settleEvent(store, event, { expiresAt: 1 });',
    9,
  ),
  {
    name: 'what a person sends again is found by nobody',
    seed: 151,
    patches: [
      {
        file: 'lib/store/deliveries/redrive.ts',
        find: 'due_shard: deliveryShard(key),',
        replace: '...(deliveryShard(key) ? {} : { due_shard: 0 }),',
      },
      {
        file: 'lib/flow/deliver/owe-again.ts',
        find: 'if (!isDue) await markEventDue(',
        replace: 'if (!isDue && afterwardsMs < 0) await markEventDue(',
      },
    ],
  },
  {
    name: 'a new match that was asked for waits for the next event',
    seed: 22,
    patches: [
      {
        file: 'lib/flow/freeze/ask-for-rematch.ts',
        find: 'await markEventDue(store, last, nowMs);',
        replace: '',
      },
      {
        file: 'lib/flow/freeze/ask-for-rematch.ts',
        find: 'await markEventDue(store, last, nowMs + afterwardsMs);',
        replace: '',
      },
    ],
  },
  mutant(
    'nobody looks after an incident whose row was lost and made anew',
    'lib/flow/freeze/rebuild-incident.ts',
    'if (last) await markEventDue(store, last, nowMs);',
    '',
    73,
  ),
  mutant(
    'a layer of names decides between two',
    'lib/domain/matching/rules/service-name.ts',
    'if (name === undefined || furtherNames.length > 0) {',
    'if (name === undefined) {',
    86,
  ),
  mutant(
    'a team found by another spelling goes before one found as written',
    'lib/domain/matching/decide.ts',
    'decided.find((each) => each === first || (first !== undefined && sharpens(each, first)))',
    'decided[0]',
    18,
  ),
  mutant(
    'what is held is not judged again when names are compared otherwise',
    'lib/domain/matching/fingerprint.ts',
    '    namesBasis(settings),',
    '',
    2,
  ),
  mutant(
    'an end that is reported apart is an incident of its own',
    'lib/domain/incident-report/identify.ts',
    'const second = Math.floor(Date.parse(startOf(report)) / 1000);',
    'const second = Math.floor(Date.parse(report.finished_at ?? startOf(report)) / 1000);',
    2,
  ),
  mutant(
    'of what is reported twice that holds which stands last in the log, not what came last',
    'lib/domain/incident/fold-report.ts',
    "if (!said || (told[name] ?? '') > stamp) continue;",
    'if (!said) continue;',
    10,
  ),
  mutant(
    'an end is forgotten by a report that does not repeat it',
    'lib/domain/incident/fold-report.ts',
    'const { name, started_at, seen_at, finished_at } = next.reported.facts;',
    'const { name, started_at, seen_at } = next.reported.facts;\n  const { finished_at } = report;',
    30,
  ),
  mutant(
    'each report without an end is the beginning of its incident',
    'lib/domain/incident/reported-type.ts',
    "if (eventType === 'incident.triggered' && countOf(state, eventType) > 1) return 'incident.updated';",
    '',
    2,
  ),
  mutant(
    'what was taken back stays a failure at Datadog',
    'lib/adapters/destinations/datadog/render-failure.ts',
    'const gone = merged || withdrawn;',
    'const gone = merged;',
    151,
  ),
  mutant(
    'two sources that tell of one deployment make two of it',
    'lib/domain/deployment/compare.ts',
    'if (same) same.push(each);',
    'if (same && !same) same.push(each);',
    23,
  ),
  mutant(
    'an end of a deployment is forgotten when its beginning is told later',
    'lib/domain/deployment/fold-deployment.ts',
    'for (const name of facts) if (report[name] !== undefined) next[name] = report[name];',
    'for (const name of facts) next[name] = report[name];',
    41,
  ),
  mutant(
    'a deployment that is over begins again when its beginning is told later',
    'lib/domain/deployment/fold-deployment.ts',
    "if (report.status === 'in_progress' && told && told.status !== 'in_progress') next.status = told.status;",
    '',
    41,
  ),
  {
    name: 'deployments stay what they were when an earlier one is told late',
    patches: [
      {
        file: 'lib/flow/subjects/kinds/deployment.ts',
        find: 'await inParallel([...new Set(outdated)], marksAtOnce, (id) => wake(deps, id));',
        replace: 'void outdated; void wake;',
      },
      // Each is looked at again by itself, which puts right most of what was missed.
      {
        file: 'lib/flow/deployments/process-deployment.ts',
        find: 'const againAtMs = lookAgainAtMs(told, windowMs, now);',
        replace: 'const againAtMs = lookAgainAtMs(told, windowMs, now) && undefined;',
      },
    ],
    seed: 23,
  },
  mutant(
    'a deployment is decided by what was read, though somebody has decided since',
    'lib/store/state/state.ts',
    "when: revision === 0 ? 'attribute_not_exists(#revision)' : '#revision = :seen',",
    "when: revision === 0 ? 'attribute_exists(#name) OR attribute_not_exists(#name)' : '#revision <> :seen OR #revision = :seen',",
    12,
  ),
  mutant(
    'a deployment is told of again each time it is looked at',
    'lib/flow/deployments/freeze-deployment.ts',
    "if (!picture || pictureId(picture) === sent.picture) return 'told';",
    "if (!picture || (pictureId(picture) === sent.picture && !last.dueAt)) return 'told';",
    41,
  ),
  mutant(
    'the end that GitHub tells is forgotten when its beginning comes later',
    'lib/domain/deployment/fold-deployment.ts',
    'for (const name of facts) if (report[name] !== undefined) next[name] = report[name];',
    `for (const name of facts)
      if (report[name] !== undefined || (name === 'finished_at' && report.source === 'github'))
        next[name] = report[name];`,
  ),
  mutant(
    'each status of a GitHub deployment is a deployment',
    'lib/domain/ci/github-deployment.ts',
    "const id = readId(member(deployment, 'id'));",
    "const id = readId(member(status, 'id'));",
  ),
  mutant(
    'deployments of one service that CDEvents tell of are one',
    'lib/domain/ci/cdevents.ts',
    'const event: Event = { subject, predicate, id, content, key, source, at };',
    'const event: Event = { subject, predicate, id, content, key: id, source, at };',
  ),
  mutant(
    'the one that was heard first is the first of two, though the other was told',
    'lib/domain/deployment/compare.ts',
    'heard.find((each) => each.own) ?? heard[0]',
    'heard[0]',
  ),
  mutant(
    'what was taken back counts on as another source has told it',
    'lib/domain/deployment/compare.ts',
    'all.filter((each) => !each.deleted || each.deleted_at !== undefined)',
    'all.filter((each) => !each.deleted || each.id === id)',
  ),
  mutant(
    'a version that telemetry shows again is a new one',
    'lib/domain/deployment/versions/see.ts',
    'const version = tracking.versions.find((known) => known.version === sighting.version);',
    `const version = tracking.versions.find(
      (known) => known.version === sighting.version && known.standing !== 'baseline',
    );`,
  ),
  mutant(
    'a canary that is withdrawn is a deployment',
    'lib/domain/deployment/versions/judge.ts',
    'judged = candidate.outlived',
    'judged = candidate.outlived && candidate.since > at',
  ),
  mutant(
    'an incident that was reopened is never found by the day it ended',
    'lib/store/incidents/by-day.ts',
    "day: typeof finished_at === 'string' ?",
    "day: typeof finished_at === 'string' && row['reopen_count'] === 0 ?",
  ),
  mutant(
    'a merged incident is counted like any other',
    'lib/store/incidents/by-day.ts',
    "  'merged_into',\n",
    '',
  ),
  mutant(
    'an incident is not judged again for a deployment that is told late',
    'lib/flow/subjects/kinds/deployment.ts',
    'const incidents = await concernedIncidents(deps, concerns);',
    'const incidents: string[] = [];\n      void concernedIncidents;',
  ),
  mutant(
    'an incident is laid to the oldest deployment that may have caused it',
    'lib/domain/links/rules/time.ts',
    'const found = newest(suspects.filter((each) => mayHaveCaused(incident, each, settings)));',
    `const found = suspects
      .filter((each) => mayHaveCaused(incident, each, settings))
      .sort((a, b) => begunAtMs(a) - begunAtMs(b))[0];`,
  ),
  mutant(
    'what is deployed to put an incident right is taken for its cause',
    'lib/domain/links/rules/time.ts',
    'if (begunAtMs(suspect) > incident.startedAtMs) return false;',
    '',
  ),
  {
    name: 'an incident that went on as another one is laid to a deployment of its own',
    patches: [
      {
        file: 'lib/domain/links/link.ts',
        find: 'if (incident.mergedInto !== undefined && !incident.person) {',
        replace: "if (incident.mergedInto === '' && !incident.person) {",
      },
      // For those nothing is even read.
      {
        file: 'lib/flow/links/judge-incident.ts',
        find: 'suffering.mergedInto && !suffering.person ? [] :',
        replace: "suffering.mergedInto === '' ? [] :",
      },
    ],
  },
  mutant(
    'Datadog is told what put a deployment right only with the first mark',
    'lib/adapters/destinations/datadog/change-failure.ts',
    'if (mark === wanted) return undefined;',
    'if (mark !== undefined) return undefined;',
  ),
  mutant(
    "a pipeline's secret that was changed is not read anew",
    'lib/flow/ingest/ci/shared-secret.ts',
    'for (const fresh of [false, true]) {',
    'for (const fresh of [false]) {',
  ),
  {
    ...mutant(
      'a version was seen when somebody came to read the export',
      'lib/flow/ingest/sources/otlp.ts',
      'news = await seen.weigh(given.versions, seenAtMs);',
      'news = await seen.weigh(given.versions, Math.max(seenAtMs, deps.clock.now()));',
    ),
    // Few stand still between the two.
    aim: { label: 'ingest read parameter /bridge/ingest', fault: 'late_answer', occurrence: 1 },
  },
  mutant(
    'what is imported of the past is sent to everybody',
    'lib/flow/freeze/hearers.ts',
    "return imported === 'history' ? hearing.filter((name) => configOf(deps, name)?.history === true) : hearing;",
    'return hearing;',
  ),
  mutant(
    'what a webhook and an import both tell counts twice',
    'lib/domain/incident/twins.ts',
    '.filter(({ apart }) => apart <= mostApartMs),',
    '.filter(({ apart }) => apart < 0 * mostApartMs),',
  ),
  mutant(
    'what was lost and is read from PagerDuty counts as the past',
    'lib/flow/import/import-incident.ts',
    'imported: purpose,',
    "imported: 'history' as typeof purpose,",
  ),
  mutant(
    'a webhook that comes after its import is never sent',
    'lib/flow/freeze/run-round.ts',
    'if (releases !== undefined && dueAt) await releaseHistory(deps, progress, incidentId, releases);',
    'void releaseHistory;',
  ),
  mutant(
    'what only the log of the account shows is left out',
    'lib/flow/reconcile/compare-log.ts',
    "if (missing.length > 0) await repair(run, whole, 'log');",
    "if (missing.length > 9) await repair(run, whole, 'log');",
  ),
  {
    ...mutant(
      'how far the log was compared is noted before what was missing is written',
      'lib/flow/reconcile/compare-log.ts',
      `    await compareWindow(run, window);
    state.entriesThroughMs = window.untilMs;
    await run.save();`,
      `    state.entriesThroughMs = window.untilMs;
    await run.save();
    await compareWindow(run, window);`,
    ),
    aim: {
      label: 'reconcile PutItem events if attribute_not_exists(key)',
      fault: 'crash_before',
      occurrence: 1,
    },
  },
  {
    ...mutant(
      'an import that was killed goes on behind what it was at',
      'lib/flow/import/import-history.ts',
      'const { written, unknown } = await importOne(incident, progress.untilMs);\n    count(progress, incident, written, unknown);',
      `count(progress, incident, 0, {});
    await save();
    const { written } = await importOne(incident, progress.untilMs);`,
    ),
    aim: {
      label: 'cli PutItem events if attribute_not_exists(key)',
      fault: 'crash_before',
      occurrence: 2,
    },
  },
  mutant(
    'what two subscriptions tell, each under an id of its own, counts twice',
    'lib/domain/incident/doubles.ts',
    '.filter(({ size }) => size > 1)',
    '.filter(({ size }) => size > 9)',
  ),
  mutant(
    'what another subscription tells of what is folded already counts once more',
    'lib/domain/incident/doubles.ts',
    'if (subscriptionId !== undefined && before.startsWith(occurredAt)) return true;',
    'if (subscriptionId !== undefined && before === occurredAt) return true;',
  ),
  // Mistakes this code once had: the simulator found them, and must go on finding them.
  mutant(
    'an event that is made due again still expires',
    'lib/store/events/events.ts',
    "remove: ['expires_at'],",
    'remove: [],',
    4,
  ),
  mutant(
    'an inferred time is passed as exact',
    'lib/domain/incident/fold-lifecycle.ts',
    'next.resolve_inferred = seen ? undefined : true;',
    'next.resolve_inferred = undefined;',
    144,
  ),
  mutant(
    'what may have happened before the bridge came is taken not to have happened',
    'lib/domain/incident/inferred.ts',
    "countOf(state, 'incident.triggered') > 0",
    "countOf(state, 'incident.triggered') >= 0",
    205,
  ),
  mutant(
    'a phantom is counted: an incident of which only a note was seen raises the alarm',
    'lib/flow/freeze/process-incident.ts',
    "if (progress.heldReason === 'unmatched' && heldBefore !== 'unmatched')",
    'if (progress.held && heldBefore === undefined)',
    53,
  ),
  mutant(
    'what waits to be told of is let go at once',
    'lib/flow/freeze/run-round.ts',
    'waitsUntilMs !== undefined && clock.now() >= waitsUntilMs',
    'waitsUntilMs !== undefined',
    53,
  ),
  mutant(
    'a report goes out with the name of an earlier one',
    'lib/domain/incident/borrow-identity.ts',
    ' || asOfEvent.reported !== undefined',
    '',
    30,
  ),
  mutant(
    'what Datadog takes no more is tried until the horizon',
    'lib/adapters/destinations/datadog/retired-failures.ts',
    'if (status === 404 || status === 410) return true;',
    'if (status === 410) return true;',
  ),
  mutant(
    'what is taken back of that which put a deployment right stays at Datadog',
    'lib/adapters/destinations/datadog/change-failure.ts',
    "if (toldRemedy(mark) && !('remediation' in attributes))",
    "if (toldRemedy(mark) && !('remediation' in attributes) && !attributes)",
  ),
  mutant(
    'a deployment that caused something is not marked at Datadog',
    'lib/adapters/destinations/datadog/render-deployment.ts',
    'const requests = [...(isSent ? [] : [request]), ...(marking?.requests ?? [])];',
    'const requests = isSent && marking ? marking.requests : [request];',
  ),
];
