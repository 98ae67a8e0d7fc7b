import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import { createDynamoDb, workerTiming } from '../adapters/aws/dynamodb-client.ts';
import { readLocalSettings } from '../adapters/config/environment.ts';
import { endpointAccess } from '../adapters/laptop/endpoint-access.ts';
import { isAlive, type Ready, readReadyFile } from '../adapters/laptop/ready-file.ts';
import { awsProxy } from '../adapters/outgoing-http/proxy.ts';
import type { Store } from '../store/database/dynamo.ts';
import { failed, type Io, wrongUsage } from './io.ts';

/** The deployment a command works on. */
export interface Target {
  /** For people: `the bridge on this machine (http://127.0.0.1:8000, tables pagerduty-bridge-local-…)`. */
  description: string;
  store: Store;
}

export interface TargetOptions {
  endpointUrl?: string;
  tablePrefix?: string;
  stage?: string;
  region?: string;
}

export function withTarget(command: Command): Command {
  return command
    .option('--endpoint-url <url>', 'another DynamoDB endpoint, with --table-prefix')
    .option('--table-prefix <prefix>', 'what the names of the tables begin with')
    .option('--stage <stage>', 'the deployment of this stage on AWS')
    .option('--region <region>', 'its AWS region; without it, the one the AWS CLI would use');
}

export async function resolveTarget(options: TargetOptions, io: Io): Promise<Target> {
  const { endpointUrl, tablePrefix, stage, region } = options;
  if (endpointUrl !== undefined) {
    if (tablePrefix === undefined) throw wrongUsage('--endpoint-url needs --table-prefix.');
    if (!URL.canParse(endpointUrl)) throw wrongUsage(`--endpoint-url is not a URL: ${endpointUrl}`);
    return atEndpoint(endpointUrl, tablePrefix, io, '');
  }
  if (stage !== undefined && tablePrefix !== undefined) {
    throw wrongUsage('--stage and --table-prefix both name the tables; give one of them.');
  }
  const prefix = tablePrefix ?? (stage === undefined ? undefined : `pagerduty-bridge-${stage}-`);
  if (prefix !== undefined) return onAws(prefix, region);
  if (region !== undefined) throw wrongUsage('--region needs --stage or --table-prefix.');
  const ready = await runningBridge(io);
  return atEndpoint(ready.dynamodb_endpoint, ready.table_prefix, io, 'the bridge on this machine, ');
}

/** What the bridge on this machine says of itself; fails when none is running. */
export async function runningBridge(io: Io): Promise<Ready> {
  const { dataDir } = readLocalSettings(io.environment);
  const ready = dataDir === 'memory' ? undefined : await readReadyFile(dataDir);
  const start =
    'Start it with `npm start`, or name another target: --endpoint-url with --table-prefix, or --stage with --region.';
  if (!ready) {
    throw failed('not_running', `No bridge is running here: there is no ready.json in ${dataDir}. ${start}`);
  }
  if (!isAlive(ready.pid)) {
    throw failed(
      'not_running',
      `The bridge with pid ${ready.pid} that ${dataDir} speaks of has ended. ${start}`,
    );
  }
  return ready;
}

/** To be said before anything is changed; on standard error, which leaves the output to the result. */
export function announceTarget(target: Target, io: Io): void {
  io.err(`Target: ${target.description}\n`);
}

function atEndpoint(endpoint: string, prefix: string, io: Io, who: string): Target {
  const db = createDynamoDb({ endpoint, ...endpointAccess(io.environment), timing: workerTiming });
  return {
    description: `${who}${endpoint}, tables ${prefix}*`,
    store: { db, table: (name) => prefix + name },
  };
}

async function onAws(prefix: string, region: string | undefined): Promise<Target> {
  const where = region ?? (await defaultRegion());
  const { requestHandler } = awsProxy(`https://dynamodb.${where}.amazonaws.com`);
  const db = createDynamoDb({
    ...(region !== undefined && { region }),
    ...(requestHandler && { httpsAgent: requestHandler.httpsAgent }),
    timing: workerTiming,
  });
  return {
    description: `AWS region ${where}, tables ${prefix}*`,
    store: { db, table: (name) => prefix + name },
  };
}

export async function defaultRegion(): Promise<string> {
  try {
    return await new DynamoDBClient({}).config.region();
  } catch {
    throw wrongUsage('No AWS region: give --region, or set AWS_REGION or one in your AWS profile.');
  }
}
