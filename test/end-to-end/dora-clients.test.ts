import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
// The parts alone: the whole client is 9,000 files, which types and tests would read at every turn.
import { createConfiguration } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-common/configuration';
import { BaseServerConfiguration } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-common/servers';
import { DORAMetricsApi } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/apis/DORAMetricsApi';
import { createDynamoDb, workerTiming } from '../../lib/adapters/aws/dynamodb-client.ts';
import { endpointAccess } from '../../lib/adapters/laptop/endpoint-access.ts';
import { identifyById } from '../../lib/domain/deployment/identify.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';
import { scan } from '../../lib/store/database/request.ts';
import { readDeployment } from '../../lib/store/deployments/deployments.ts';
import { type BridgeProcess, eventually, startBridge } from '../local/bridge-process.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { makeCertificate } from '../support/certificate.ts';

const keys = { api: 'the-api-key', application: 'the-application-key' };
let bridge: BridgeProcess;
let store: Store;
let certificate: Awaited<ReturnType<typeof makeCertificate>>;

beforeAll(async () => {
  certificate = await makeCertificate(temporaryFolder(), ['api.bridge.test']);
  bridge = await startBridge(join(temporaryFolder(), 'data'), {
    BRIDGE_INGEST_API_KEYS: keys.api,
    BRIDGE_INGEST_APPLICATION_KEYS: keys.application,
    BRIDGE_TLS_CERT: certificate.certFile,
    BRIDGE_TLS_KEY: certificate.keyFile,
    TLS_PORT: '0',
  });
  const { dynamodb_endpoint: endpoint, table_prefix: prefix } = bridge.ready;
  const db = createDynamoDb({ endpoint, ...endpointAccess({}), timing: workerTiming });
  store = { db, table: (name) => prefix + name };
});
afterAll(async () => {
  bridge.process.kill('SIGTERM');
  await bridge.ended;
});

const now = Math.floor(Date.now() / 1000);

describe("Datadog's own client, pointed at the bridge", () => {
  const api = (withKeys: { api: string; application?: string } = keys) => {
    const configuration = createConfiguration({
      baseServer: new BaseServerConfiguration(bridge.ready.api_url, {}),
      authMethods: {
        apiKeyAuth: withKeys.api,
        ...(withKeys.application && { appKeyAuth: withKeys.application }),
      },
    });
    configuration.unstableOperations['v2.patchDORADeploymentByVersion'] = true;
    return new DORAMetricsApi(configuration);
  };
  const deployed = {
    service: 'checkout-api',
    env: 'prod',
    version: '1.4.2',
    startedAt: now - 100,
    finishedAt: now - 10,
    git: { commitSha: '3f2d8e1b6a9c4f7d', repositoryUrl: 'https://github.com/acme/checkout' },
  };

  it('creates, lists, gets, judges and deletes a deployment', async () => {
    const created = await api().createDORADeployment({ body: { data: { attributes: deployed } } });
    expect(created.data.type).toBe('dora_deployment');
    const { id } = created.data;
    const again = await api().createDORADeployment({ body: { data: { attributes: deployed } } });
    expect(again.data.id).toBe(id);

    const attributes = {
      from: new Date((now - 3600) * 1000),
      limit: 100,
      query: 'service:checkout-api env:prod',
    };
    const list = () =>
      api().listDORADeployments({ body: { data: { type: 'dora_deployments_list_request', attributes } } });
    const { data = [] } = await eventually(list, (answer) => answer.data?.length === 1);
    expect(data[0]?.id).toBe(id);
    expect(data[0]?.attributes?.startedAt).toEqual(new Date((now - 100) * 1000));
    expect(data[0]?.attributes?.git).toMatchObject({ repositoryId: 'github.com/acme/checkout' });

    await api().patchDORADeployment({
      deploymentId: id,
      body: { data: { id, type: 'dora_deployment_patch_request', attributes: { changeFailure: true } } },
    });
    const got = await api().getDORADeployment({ deploymentId: id });
    expect(got.data).toMatchObject({
      id,
      attributes: { service: 'checkout-api', additionalProperties: { change_failure: true } },
    });

    await api().deleteDORADeployment({ deploymentId: id });
    await expect(api().getDORADeployment({ deploymentId: id })).rejects.toMatchObject({ code: 404 });
  });

  it('creates, lists, gets and deletes a failure', async () => {
    const attributes = {
      services: ['checkout-api'],
      env: 'prod',
      startedAt: now - 60,
      name: 'Checkout is slow',
      severity: 'SEV-2',
      git: deployed.git,
    };
    const { data: created } = await api().createDORAFailure({ body: { data: { attributes } } });
    expect(created.type).toBe('dora_failure');
    const incident = await api().createDORAIncident({
      body: { data: { attributes: { ...attributes, finishedAt: now - 5 } } },
    });
    expect(incident.data.id).toBe(created.id);
    const list = () =>
      api().listDORAFailures({
        body: { data: { type: 'dora_failures_list_request', attributes: { limit: 10 } } },
      });
    const { data = [] } = await eventually(list, (answer) => answer.data?.length === 1);
    expect(data[0]).toMatchObject({
      id: created.id,
      attributes: { services: ['checkout-api'], severity: 'SEV-2' },
    });
    const got = await api().getDORAFailure({ failureId: created.id });
    expect(got.data?.attributes?.finishedAt).toEqual(new Date((now - 5) * 1000));
    await api().deleteDORAFailure({ failureId: created.id });
    await expect(api().getDORAFailure({ failureId: created.id })).rejects.toMatchObject({ code: 404 });
  });

  it('is told of a fault, and of keys that do not match, in shapes it reads', async () => {
    const wrong = { ...deployed, finishedAt: now - 200 };
    await expect(api().createDORADeployment({ body: { data: { attributes: wrong } } })).rejects.toMatchObject(
      {
        code: 400,
        body: {
          errors: [
            expect.objectContaining({ detail: expect.stringContaining('finished_at must not be before') }),
          ],
        },
      },
    );
    await expect(
      api().patchDORADeployment({
        deploymentId: 'no-such-deployment',
        body: {
          data: { id: 'another', type: 'dora_deployment_patch_request', attributes: { changeFailure: true } },
        },
      }),
    ).rejects.toMatchObject({ code: 400 });
    const stranger = { api: 'wrong', application: keys.application };
    await expect(
      api(stranger).createDORADeployment({ body: { data: { attributes: deployed } } }),
    ).rejects.toMatchObject({
      code: 403,
      body: { errors: ['Forbidden'] },
    });
    await expect(
      api({ ...keys, application: 'wrong' }).getDORADeployment({ deploymentId: 'x' }),
    ).rejects.toMatchObject({ code: 403 });
  });
});

describe('a shell, with the samples of those who come from Datadog', () => {
  /** As a here-document leaves it: indented, with line breaks, times in nanoseconds, as a form. */
  const post = async (path: string, attributes: string) => {
    const body = `  {\n    "data": {\n      "attributes": {\n${attributes}\n      }\n    }\n  }\n`;
    const headers = {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'dd-api-key': keys.api,
    };
    const answer = await fetch(`${bridge.ready.api_url}//api/v2/dora/${path}`, {
      method: 'POST',
      headers,
      body,
    });
    return { status: answer.status, body: (await answer.json()) as { data: { id: string; type: string } } };
  };
  const git = `"git": { "commit_sha": "${'ab12'.repeat(10)}", "repository_url": "https://github.com/acme/samples" }`;

  it('reports an incident and a deployment, and both are there', async () => {
    const times = `"started_at": ${now - 90}000000000, "finished_at": ${now - 80}000000000`;
    const incident = await post(
      'incident',
      `"services": ["sample-shop"], "team": "sample-team", ${times}, ${git}, "env": "prod", "name": "Everything answers 500", "severity": "High"`,
    );
    const deployment = await post(
      'deployment',
      `"service": "sample-shop", ${times}, ${git}, "version": "v1.12.07"`,
    );
    expect([incident, deployment]).toMatchObject([
      { status: 200, body: { data: { type: 'dora_failure' } } },
      { status: 200, body: { data: { type: 'dora_deployment' } } },
    ]);
    const { id } = deployment.body.data;
    await eventually(
      () => readDeployment(store, id),
      (row) => row?.['service'] === 'sample-shop',
    );
    await eventually(
      async () =>
        (await scan(store, 'incidents')).filter((row) => row['external_id'] === incident.body.data.id),
      (rows) => rows.length === 1 && rows[0]?.['status'] === 'resolved',
    );
  });
});

/** Put there by `npm run test:datadog-ci`; 17 MB that nobody else needs. */
const datadogCi = 'node_modules/.cache/datadog-ci/node_modules/@datadog/datadog-ci';
const installed = existsSync(join(datadogCi, 'package.json'));
if (!installed)
  console.warn('datadog-ci is not installed: npm run test:datadog-ci has it report to the bridge');

(installed ? describe : describe.skip)(
  `datadog-ci${installed ? '' : ' (NOT CHECKED: npm run test:datadog-ci)'}`,
  () => {
    let proxy: Server;
    const tunnels: string[] = [];

    beforeAll(async () => {
      // Whatever host is asked for, the tunnel ends at the bridge: no name has to be known, and TLS is checked inside.
      proxy = createServer().on('connect', (request, socket, head) => {
        tunnels.push(String(request.url));
        const upstream = connect(Number(new URL(bridge.ready.tls_url ?? '').port), '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          upstream.write(head);
          upstream.pipe(socket).pipe(upstream);
        });
        for (const end of [upstream, socket]) end.on('error', () => end.destroy());
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => {
      proxy.closeAllConnections();
      proxy.close();
    });

    const run = async (key: string, ...args: string[]) => {
      const child = spawn(process.execPath, [datadogCi, 'dora', 'deployment', ...args], {
        env: {
          PATH: process.env['PATH'],
          HOME: temporaryFolder(),
          DD_API_KEY: key,
          DD_SITE: 'bridge.test',
          HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
          NODE_EXTRA_CA_CERTS: certificate.certFile,
        },
        timeout: 60_000,
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
      return { code: await new Promise((resolve) => child.on('close', resolve)), output };
    };
    const git = [
      '--git-repository-url',
      'https://octo:token@github.com/acme/ci.git',
      '--git-commit-sha',
      'cd34'.repeat(10),
    ];
    const args = [
      '--service',
      'ci-shop',
      '--env',
      'prod',
      '--started-at',
      String(now - 300),
      '--finished-at',
      String(now - 200),
    ];

    it('reports a deployment over TLS that is in the table, once however often it is sent, without its token', async () => {
      for (const round of [1, 2])
        expect({ round, ...(await run(keys.api, ...args, ...git)) }).toMatchObject({ code: 0 });
      expect(tunnels).toContain('api.bridge.test:443');
      const rows = await eventually(
        async () => (await scan(store, 'deployments')).filter((row) => row['service'] === 'ci-shop'),
        (found) => found.length === 1,
      );
      expect(rows[0]).toMatchObject({
        env: 'prod',
        repository_id: 'github.com/acme/ci',
        status: 'succeeded',
      });
      expect(JSON.stringify(await scan(store, 'events'))).not.toContain('token@');
      expect(identifyById(String(rows[0]?.['deployment_id'])).id).toBe(rows[0]?.['deployment_id']);
    });

    it('fails with a wrong key', async () => {
      const { code, output } = await run('wrong', ...args, '--skip-git');
      expect(code).toBe(1);
      expect(output).toContain('Forbidden');
    });

    it('fails with what is refused, and shows why', async () => {
      const { code, output } = await run(keys.api, ...args, '--skip-git', '--custom-tags', 'no colon');
      expect(code).toBe(1);
      expect(output).toContain('custom_tags[0] must be of the form key:value');
    });
  },
);
