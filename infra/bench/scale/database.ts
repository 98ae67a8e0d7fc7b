import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { waitingClock } from '../../../lib/adapters/aws/lambda-runtime.ts';
import { createTables } from '../../../lib/local/create-tables.ts';
import { batchWrite } from '../../../lib/store/database/batch-write.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { bundled } from '../../../test/local/child-process.ts';
import { deploymentRow, incidentRow, type Templates } from './rows.ts';

export interface ScaleDatabase {
  store: Store;
  endpoint: string;
  prefix: string;
  stop(): Promise<void>;
}

const rowsAtOnce = 2_000;

/** The embedded database, in a folder and a process of its own, as under `npm start`. */
export async function startDatabase(): Promise<ScaleDatabase> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bridge-scale-'));
  const start = await bundled('test/local/processes/embedded-database.ts');
  const child = start([folder]);
  const endpoint = (await child.line(/^endpoint /)).replace('endpoint ', '');
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const db = new DynamoDBClient({ endpoint, region: 'local', credentials, maxAttempts: 3 });
  const prefix = 'scale-';
  await createTables(db, prefix);
  return {
    store: { db, table: (name) => prefix + name },
    endpoint,
    prefix,
    async stop() {
      db.destroy();
      child.process.kill('SIGKILL');
      await child.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Filling {
  templates: Templates;
  /** So many of each, evenly over [fromMs, toMs), numbered from `first`. */
  incidents: number;
  deployments: number;
  fromMs: number;
  toMs: number;
  first: number;
  nowMs: number;
}

/** Writes rows as the bridge would have left them. */
export async function fill(store: Store, filling: Filling): Promise<void> {
  const { templates, incidents, deployments, fromMs, toMs, first, nowMs } = filling;
  const write = async (count: number, table: 'incidents' | 'deployments') => {
    const stepMs = (toMs - fromMs) / count;
    for (let from = 0; from < count; from += rowsAtOnce) {
      const rows = Array.from({ length: Math.min(rowsAtOnce, count - from) }, (_, index) => {
        const n = from + index;
        const at = Math.floor(fromMs + n * stepMs);
        return table === 'incidents'
          ? incidentRow(templates, first + n, at, nowMs)
          : deploymentRow(templates, first + n, at);
      });
      await batchWrite(
        store,
        waitingClock,
        table,
        rows.map((put) => ({ put })),
      );
    }
  };
  await write(incidents, 'incidents');
  await write(deployments, 'deployments');
}
