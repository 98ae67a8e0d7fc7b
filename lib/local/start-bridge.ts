import { createDynamoDb, receiveTiming, workerTiming } from '../adapters/aws/dynamodb-client.ts';
import { prefixed, systemClock, systemRandom } from '../adapters/aws/lambda-runtime.ts';
import { createSecrets } from '../adapters/aws/secrets.ts';
import { createParameterReader } from '../adapters/aws/ssm-parameter.ts';
import type { Environment, LocalSettings } from '../adapters/config/environment.ts';
import { createSdkClients } from '../adapters/destinations/aws/sdk-clients.ts';
import { createDestinations } from '../adapters/destinations/create-destinations.ts';
import { createDetecting } from '../adapters/destinations/datadog/detecting.ts';
import { createGitHosts } from '../adapters/git-hosts/git-hosts.ts';
import { endpointAccess } from '../adapters/laptop/endpoint-access.ts';
import { type LocalConfig, loadLocalConfig } from '../adapters/laptop/local-config.ts';
import {
  isAlive,
  type Ready,
  readReadyFile,
  removeReadyFile,
  writeReadyFile,
} from '../adapters/laptop/ready-file.ts';
import { folderInUse, StartError } from '../adapters/laptop/start-error.ts';
import { createNodeHttp } from '../adapters/outgoing-http/node-http.ts';
import { connectBriefly } from '../adapters/pagerduty-api/connect.ts';
import { createForward } from '../flow/forward/forward-events.ts';
import { createIngest } from '../flow/ingest/create-ingest.ts';
import { sources } from '../flow/ingest/sources.ts';
import { createReceive } from '../flow/receive/receive-webhook.ts';
import { maxBodyBytes } from '../flow/receive/sources/pagerduty-webhook.ts';
import type { WorkDeps } from '../flow/subjects/deps.ts';
import { createSweep } from '../flow/sweep/sweep.ts';
import type { Http, Secrets, Telemetry } from '../ports.ts';
import { createMatcher } from '../store/catalog/matcher.ts';
import { createServicesOfRepository } from '../store/catalog/services-of-repository.ts';
import type { Store } from '../store/database/dynamo.ts';
import { createTables } from './create-tables.ts';
import { type EmbeddedDynamoDb, startEmbeddedDynamoDb } from './embedded-dynamodb.ts';
import { createEventQueue, type EventQueue } from './event-queue.ts';
import { liveCatalogs } from './live-catalogs.ts';
import { type LoadedCatalog, loadCatalog } from './load-catalog.ts';
import { makeFolder } from './make-folder.ts';
import { reconciling } from './reconciling.ts';
import { repeatedly } from './repeatedly.ts';
import { startServer } from './server.ts';
import { tapInserts } from './stream-tap.ts';
import { withSubscriptionSecrets } from './subscription-secrets.ts';
import { readTlsFiles } from './tls-files.ts';
import { unfinishedEvents } from './unfinished-events.ts';

export interface BridgeSurroundings {
  settings: LocalSettings;
  environment: Environment;
  telemetry: Telemetry;
  /** Where the `console` destination writes, a line at a time. */
  print(line: string): void;
}

export interface LocalBridge {
  ready: Ready;
  config: LocalConfig['config'];
  generatedSecret?: string;
  generatedKeys: LocalConfig['generatedKeys'];
  catalog?: LoadedCatalog;
  repaired?: EmbeddedDynamoDb['repaired'];
  /** Ends within 5 seconds. What was accepted is on disk; what is unfinished goes on at the next start. */
  stop(): Promise<void>;
}

/** What a function has on AWS before it is cut off. */
const invocationMs = 60_000;
/** Together less than the 5 seconds a clean end may take. */
const patience = { webhooksMs: 2_000, workMs: 1_500 };

/** Starts everything on this machine: database, tables, catalog, HTTP server, forwarding and sweeping. */
export async function startBridge(surroundings: BridgeSurroundings): Promise<LocalBridge> {
  const { settings, environment, telemetry } = surroundings;
  const onDisk = settings.dataDir !== 'memory';
  if (onDisk) await makeFolder(settings.dataDir);
  if (onDisk && settings.dynamodbEndpoint) await refuseSecond(settings.dataDir);
  const local = await loadLocalConfig(settings, environment);
  const secrets = withSubscriptionSecrets(localSecrets(local, telemetry), local, settings.dataDir);
  await requireAuthenticator(local, secrets);
  const tls = settings.tls && (await readTlsFiles(settings.tls));

  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const database = settings.dynamodbEndpoint
      ? undefined
      : await startEmbeddedDynamoDb({ dataDir: settings.dataDir, port: settings.dynamodbPort });
    if (database) undo.push(() => database.close());
    const endpoint = database?.endpoint ?? settings.dynamodbEndpoint ?? '';
    const access = { endpoint, ...endpointAccess(environment) };
    const table = prefixed(settings.tablePrefix);
    // A deployment of several services writes events of its own, of which the stream would tell as well.
    let wake: EventQueue['push'] = () => {};
    const tapped = (timing: typeof workerTiming) =>
      tapInserts(createDynamoDb({ ...access, timing }), table('events'), (record) => wake(record));
    const store: Store = { db: tapped(workerTiming), table };
    await createTables(store.db, settings.tablePrefix);
    const http = createNodeHttp({ allowLoopback: true });
    const deps = workDeps(surroundings, local, { http, secrets }, store);
    const catalog = settings.catalog === undefined ? undefined : await loadCatalog(deps, settings.catalog);

    const forward = createForward(deps);
    const queue = createEventQueue({
      forward: (event) => forward(event, invocationMs),
      failed: (error) => telemetry.error('forwarding failed, the next sweep does it', { error }),
    });
    wake = queue.push;
    const gitHosts = createGitHosts(local.config.git_hosts ?? [], { ...deps, http, secrets });
    const { pagerDutyToken: token, pagerDutyApiUrl: apiUrl, reconcileSeconds } = settings;
    const asking = { ...deps, http, secrets, token, apiUrl };
    const pagerDuty = connectBriefly(local.config.pagerduty, asking);
    const detecting = createDetecting(local.config.destinations, asking);
    const sweep = createSweep({ ...deps, gitHosts, pagerDuty, detecting });
    const sweeps = repeatedly(
      settings.sweepSeconds * 1000,
      () => sweep(invocationMs),
      (error) => telemetry.error('sweep failed, the next one does it', { error }),
    );
    const live = liveCatalogs({ ...deps, secrets }, settings.catalogSyncSeconds);
    const compared = reconciling(local.config, asking, reconcileSeconds);
    const ends = [queue, sweeps, live, compared];
    undo.push(() => atMost(patience.workMs, Promise.all(ends.map((each) => each.stop()))));

    const incoming = {
      store: { db: tapped(receiveTiming), table },
      secrets,
      clock: systemClock,
      telemetry,
    };
    const receive = createReceive({ ...incoming, config: local.config });
    const ingest = createIngest(sources, { ...incoming, config: local.config });
    const { host, port } = settings;
    const server = await startServer({
      host,
      port,
      maxBodyBytes,
      receive,
      ingest,
      now: systemClock.now,
      ...(tls && { tls }),
    });
    undo.push(() => server.close(patience.webhooksMs));

    const ready: Ready = {
      webhook_url: server.webhookUrl,
      health_url: server.healthUrl,
      api_url: server.url,
      ...(server.tlsUrl !== undefined && { tls_url: server.tlsUrl }),
      dynamodb_endpoint: endpoint,
      table_prefix: settings.tablePrefix,
      pid: process.pid,
      config_fingerprint: local.fingerprint,
    };
    if (onDisk) {
      await writeReadyFile(settings.dataDir, ready);
      undo.push(() => removeReadyFile(settings.dataDir, process.pid));
    }
    for (const record of await unfinishedEvents(store)) queue.push(record);
    sweeps.start();
    live.start();
    compared.start();
    const { generatedSecret, generatedKeys } = local;
    return {
      ready,
      config: local.config,
      generatedKeys,
      ...(generatedSecret !== undefined && { generatedSecret }),
      ...(catalog && { catalog }),
      ...(database?.repaired && { repaired: database.repaired }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The embedded database locks its folder by itself; with another one, two bridges would share one ready.json. */
async function refuseSecond(dataDir: string): Promise<void> {
  const other = await readReadyFile(dataDir);
  if (!other || !isAlive(other.pid)) return;
  const healthy = await fetch(other.health_url, { signal: AbortSignal.timeout(1_000) }).catch(
    () => undefined,
  );
  if (!healthy?.ok) return;
  throw new StartError('data_folder_in_use', folderInUse(dataDir, `the bridge with pid ${other.pid}`));
}

function localSecrets({ environment }: LocalConfig, telemetry: Telemetry): Secrets {
  // With AWS credentials at hand, ssm: references of destinations work on a laptop too.
  const onAws = environment['AWS_ACCESS_KEY_ID'] !== undefined && environment['AWS_REGION'] !== undefined;
  return createSecrets({
    environment,
    ...(onAws && { readParameter: createParameterReader({ region: environment['AWS_REGION'] ?? '' }) }),
    clock: systemClock,
    telemetry,
  });
}

/** Without a secret every webhook would be answered 503: better not to start at all. */
async function requireAuthenticator({ config }: LocalConfig, secrets: Secrets): Promise<void> {
  for (const reference of Object.values(config.authenticate)) {
    await secrets.read(reference).catch((cause: Error) => {
      throw new StartError('no_authenticator', `Webhooks cannot be authenticated: ${cause.message}.`, {
        cause,
      });
    });
  }
}

function workDeps(
  { environment, telemetry, print }: BridgeSurroundings,
  { config }: LocalConfig,
  outside: { http: Http; secrets: Secrets },
  store: Store,
): WorkDeps {
  const destinations = createDestinations(config, {
    ...outside,
    clock: systemClock,
    print,
    aws: createSdkClients({ region: endpointAccess(environment).region }),
  });
  return {
    store,
    clock: systemClock,
    random: systemRandom,
    telemetry,
    config,
    matcher: createMatcher(store, config),
    servicesOfRepository: createServicesOfRepository(store, config.ingest),
    destinations,
    destinationNames: destinations.map(({ name }) => name),
  };
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, systemClock.sleep(ms)]);
}
