import { dueShard } from '../../../lib/store/database/due.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import type { Row } from '../../../lib/store/database/marshalled.ts';
import { readDeployment } from '../../../lib/store/deployments/deployments.ts';
import { serviceEnvOf } from '../../../lib/store/deployments/service-env.ts';
import { dayAttributes } from '../../../lib/store/incidents/by-day.ts';
import { readIncident } from '../../../lib/store/incidents/incidents.ts';
import { createTestBridge } from '../../../test/support/bridge.ts';
import { appendReport, commit, deployed } from '../../../test/support/deployments.ts';
import { webhookBody } from '../../../test/support/webhooks.ts';

/** Rows as the bridge has written them, of which any number is made. */
export interface Templates {
  incident: Row;
  deployment: Row;
}

const services = 100;
const envs = ['prod', 'prod', 'staging'];
const minuteMs = 60_000;

/** One incident and one deployment go the whole way on this database; it should be another than what is measured. */
export async function makeTemplates(store: Store): Promise<Templates> {
  const bridge = createTestBridge(store, { config: { unmatched: 'passthrough', default_env: 'prod' } });
  const data = { id: 'QTEMPLATE', created_at: '2026-03-02T10:00:00Z', teams: [] };
  for (const [type, at, status] of [
    ['incident.triggered', '2026-03-02T10:00:00Z', 'triggered'],
    ['incident.acknowledged', '2026-03-02T10:02:00Z', 'acknowledged'],
    ['incident.resolved', '2026-03-02T10:30:00Z', 'resolved'],
  ] as const)
    await bridge.deliver(webhookBody(type, { at, data: { ...data, status } }));
  const report = deployed(-30, {
    service: 'service-0',
    team: 'team-0',
    version: '1.4.0',
    commit_sha: commit('a'),
    repository_id: 'github.com/acme/service-0',
  });
  const { subject, logKey } = await appendReport(store, bridge.deps.clock.now(), report);
  await bridge.wake(subject, logKey);
  const incident = await readIncident(store, 'QTEMPLATE');
  const deployment = await readDeployment(store, subject.replace('deployment:', ''));
  if (incident?.['finished_at'] === undefined || deployment?.['service_env'] === undefined)
    throw new Error('the templates were not worked out');
  return { incident, deployment };
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Spread over the services, so that whatever has number n of one kind is of another service than its neighbours. */
const placed = (n: number) => ({
  service: `service-${n % services}`,
  team: `team-${n % 20}`,
  env: envs[Math.floor(n / services) % envs.length] ?? 'prod',
});

/** Number n, which began at this moment; one in a hundred of the last week is open. */
export function incidentRow({ incident }: Templates, n: number, startedAtMs: number, nowMs: number): Row {
  const { service, team, env } = placed(n);
  const seconds = 300 + ((n * 7919) % 14_400);
  const isOpen = n % 100 === 0 && nowMs - startedAtMs < 7 * 24 * 60 * minuteMs;
  const id = `Q${n.toString(36).toUpperCase().padStart(13, '0')}`;
  const row: Row = {
    ...incident,
    incident_id: id,
    number: n,
    services: [service],
    team,
    env,
    status: isOpen ? 'triggered' : 'resolved',
    started_at: iso(startedAtMs),
    finished_at: isOpen ? undefined : iso(startedAtMs + seconds * 1000),
    time_to_restore_seconds: isOpen ? undefined : seconds,
    last_event_at: iso(startedAtMs + seconds * 1000),
  };
  return { ...row, ...dayAttributes(id, row) };
}

export function deploymentRow({ deployment }: Templates, n: number, finishedAtMs: number): Row {
  const { service, team, env } = placed(n);
  const facts = deployment['facts'] as Row;
  const id = n.toString(16).padStart(32, '0');
  const at = iso(finishedAtMs);
  const started_at = iso(finishedAtMs - 5 * minuteMs);
  const version = `1.${n}.0`;
  return {
    ...deployment,
    deployment_id: id,
    service,
    team,
    env,
    version,
    started_at,
    finished_at: at,
    at,
    day: at.slice(0, 10),
    service_env: serviceEnvOf(service, env),
    due_shard: dueShard(id),
    facts: {
      ...facts,
      started_at,
      finished_at: at,
      received_at: at,
      version,
      shown: { ...(facts['shown'] as Row), service, team, env },
    },
  };
}
