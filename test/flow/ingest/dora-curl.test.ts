import { readDeployment } from '../../../lib/store/deployments/deployments.ts';
import { readIncident } from '../../../lib/store/incidents/incidents.ts';
import { createTestBridge } from '../../support/bridge.ts';
import { scan } from '../../support/scan.ts';
import { apiKey, startIngest } from './support.ts';

/** What the documentation of Datadog's API has people send with curl, numbers as they stand there. */
const curled = (more: string) => `{
    "data": {
      "attributes": {
        ${more},
        "started_at": 1693491974000000000,
        "finished_at": 1693491984000000000,
        "git": {
          "commit_sha": "66adc9350f2cc9b250b69abddab733dd55e1a588",
          "repository_url": "https://github.com/organization/example-repository"
        },
        "env": "prod"
      }
    }
  }`;
const asCurlSends = { accept: 'application/json', 'content-type': 'application/json', 'dd-api-key': apiKey };

/** `ingest` and the worker behind it on one database. */
function start() {
  const ingest = startIngest({ startMs: Date.parse('2023-09-01T09:00:00.000Z') });
  const bridge = createTestBridge(ingest.store, {
    clock: ingest.clock,
    config: { unmatched: 'passthrough' },
  });
  const settle = async () => {
    ingest.clock.advance(60_000);
    await bridge.sweep();
  };
  return { ...ingest, bridge, settle };
}

describe('what is sent with curl', () => {
  it('as a deployment is there', async () => {
    const { ask, settle, bridge } = start();
    const body = curled('"service": "shopist"');
    const { status, body: answer } = await ask('POST', '/api/v2/dora/deployment', body, asCurlSends);
    expect(status).toBe(200);
    await settle();
    expect(await readDeployment(bridge.deps.store, answer.data.id)).toMatchObject({
      service: 'shopist',
      env: 'prod',
      started_at: '2023-08-31T14:26:14.000Z',
      finished_at: '2023-08-31T14:26:24.000Z',
      repository_id: 'github.com/organization/example-repository',
    });
  });

  it('as an incident is there', async () => {
    const { ask, settle, bridge } = start();
    const body = curled(
      '"services": ["shopist"], "team": "shopist-devs", "name": "Web server is down failing all requests", "severity": "High"',
    );
    const { status, body: answer } = await ask('POST', '/api/v2/dora/incident', body, asCurlSends);
    expect(status).toBe(200);
    await settle();
    expect(await readIncident(bridge.deps.store, `dora:${answer.data.id}`)).toMatchObject({
      services: ['shopist'],
      team: 'shopist-devs',
      title: 'Web server is down failing all requests',
      severity: 'High',
      status: 'resolved',
      started_at: '2023-08-31T14:26:14.000Z',
      finished_at: '2023-08-31T14:26:24.000Z',
    });
  });

  it.each<[string, (string | string[])[]]>([
    ['start and end apart', ['start', 'end']],
    ['the end before the start', ['end', 'start']],
    ['each of them twice', ['start', 'end', 'start', 'end']],
    ['both at the same moment', [['start', 'end']]],
    ['both at the same moment, twice each', [['end', 'start', 'start', 'end']]],
  ])('of one incident is one incident: %s', async (_what, order) => {
    const { ask, settle, bridge } = start();
    const common = '"services": ["shopist"], "env": "prod", "started_at": 1693491974000000000';
    const bodies: Record<string, string> = {
      start: `{"data":{"attributes":{${common}}}}`,
      end: `{"data":{"attributes":{${common}, "finished_at": 1693491984000000000}}}`,
    };
    const ids: string[] = [];
    for (const posted of order) {
      const together = [posted].flat();
      const answers = await Promise.all(
        together.map((name) => ask('POST', '/api/v2/dora/incident', bodies[name], asCurlSends)),
      );
      ids.push(...answers.map(({ body: answer }) => answer.data.id));
      await settle();
    }
    expect(new Set(ids).size).toBe(1);
    const rows = await scan(bridge.deps.store, 'incidents');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      status: 'resolved',
      started_at: '2023-08-31T14:26:14.000Z',
      finished_at: '2023-08-31T14:26:24.000Z',
      time_to_restore_seconds: 10,
    });
  });
});
