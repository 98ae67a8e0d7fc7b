import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDynamoDb, workerTiming } from '../../adapters/aws/dynamodb-client.ts';
import { type Environment, processEnvironment } from '../../adapters/config/environment.ts';
import { endpointAccess } from '../../adapters/laptop/endpoint-access.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { type BridgeChild, startBridgeChild } from './bridge-child.ts';
import { type Receiver, startReceiver } from './receiver.ts';

/** Everything the story needs: the real bridge, a destination, and eyes on the tables. */
export interface Stage {
  bridge: BridgeChild;
  receiver: Receiver;
  store: Store;
  /** What the bridge runs with, and the command line beside it. */
  environment: Environment;
  signingSecret: string;
  /** Of the DORA API. */
  apiKey: string;
  close(): Promise<void>;
}

export const root = fileURLToPath(new URL('../../..', import.meta.url));
const catalogFolder = fileURLToPath(new URL('./catalog', import.meta.url));

const configuration = (url: string) => `
default_env: prod
severity: { P1: SEV-1, P2: SEV-2 }
ingest: { api_keys: "env:DEMO_API_KEY" }
destinations:
  - { name: receiver, type: webhook, url: "${url}", secret: "env:DEMO_WEBHOOK_SECRET" }
`;

export async function openStage(): Promise<Stage> {
  const undo: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step().catch(() => {});
  };
  try {
    const dataDir = await mkdtemp(join(tmpdir(), 'pagerduty-bridge-demo-'));
    undo.push(() => rm(dataDir, { recursive: true, force: true }));
    const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
    const receiver = await startReceiver(webhookSecret);
    undo.push(() => receiver.close());
    const configFile = join(dataDir, 'bridge.yml');
    await writeFile(configFile, configuration(receiver.url));
    const signingSecret = randomBytes(32).toString('base64url');
    const apiKey = randomBytes(16).toString('hex');
    const environment: Environment = {
      ...processEnvironment,
      ...nothingOfThisMachine,
      BRIDGE_DATA_DIR: dataDir,
      BRIDGE_CONFIG: configFile,
      PAGERDUTY_SIGNING_SECRETS: signingSecret,
      DEMO_WEBHOOK_SECRET: webhookSecret,
      DEMO_API_KEY: apiKey,
    };
    const bridge = await startBridgeChild(root, environment);
    undo.push(() => bridge.stop());
    const { dynamodb_endpoint: endpoint, table_prefix } = bridge.ready;
    const db = createDynamoDb({ endpoint, ...endpointAccess({}), timing: workerTiming });
    const store: Store = { db, table: (name) => table_prefix + name };
    return { bridge, receiver, store, environment, signingSecret, apiKey, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A demo that wrote to a database somebody works with would be no fun. Empty counts as unset. */
const nothingOfThisMachine: Environment = {
  PORT: '0',
  DYNAMODB_PORT: '0',
  DYNAMODB_ENDPOINT: '',
  BRIDGE_CATALOG: catalogFolder,
  BRIDGE_TABLE_PREFIX: '',
  BRIDGE_API_KEYS: '',
  BRIDGE_SWEEP_SECONDS: '1',
  HOST: '',
};
