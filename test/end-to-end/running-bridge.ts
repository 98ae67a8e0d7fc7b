import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IncidentEvent } from '../../lib/domain/incident/incident-event.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';
import type { Row } from '../../lib/store/database/marshalled.ts';
import type { TableName } from '../../lib/store/database/table-definitions.ts';
import { readIncident } from '../../lib/store/incidents/incidents.ts';
import { pdbridge, type Ran } from '../cli/run-cli.ts';
import { type BridgeProcess, startBridge } from '../local/bridge-process.ts';
import { localClient } from '../local/local-client.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { startReceiver } from '../support/receiver.ts';
import { scan } from '../support/scan.ts';

/** `npm start` as a process of its own, a destination that keeps what arrives, and the command line beside it. */
export interface RunningBridge {
  post: BridgeProcess['post'];
  store: Store;
  folder: string;
  pdbridge(...args: string[]): Promise<Ran>;
  /** What the destination got for one incident, in the order of arrival. */
  arrived(incidentId: string): IncidentEvent[];
  row(incidentId: string): Promise<Row>;
  rows(table: TableName): Promise<Row[]>;
  stop(): Promise<void>;
}

export async function runBridge(environment: Record<string, string> = {}): Promise<RunningBridge> {
  const receiver = await startReceiver();
  const folder = temporaryFolder();
  const config = join(folder, 'bridge.yml');
  writeFileSync(config, `destinations:\n  - { name: hook, type: webhook, url: '${receiver.url}' }\n`);
  const dataDir = join(folder, 'data');
  const bridge = await startBridge(dataDir, { BRIDGE_CONFIG: config, ...environment });
  const { dynamodb_endpoint, table_prefix } = bridge.ready;
  const store: Store = { db: localClient(dynamodb_endpoint), table: (name) => table_prefix + name };
  return {
    post: bridge.post,
    store,
    folder,
    pdbridge: (...args) =>
      pdbridge(args, { environment: { BRIDGE_DATA_DIR: dataDir, BRIDGE_CONFIG: config }, columns: 200 }),
    arrived: (incidentId) =>
      receiver.received
        .map(({ json }) => json as IncidentEvent)
        .filter(({ incident }) => incident.id === incidentId),
    row: async (incidentId) => (await readIncident(store, incidentId)) ?? {},
    rows: (table) => scan(store, table),
    stop: async () => {
      bridge.process.kill('SIGTERM');
      await bridge.ended;
      await receiver.close();
    },
  };
}
