/**
 * The only module that reads process.env. Empty counts as unset, so `PORT= npm start` means the default.
 * A value that cannot be meant is an error that names the variable, at start and not at first use.
 */
export type Environment = Record<string, string | undefined>;

/** For `env:NAME` secrets, and for tests to replace. */
export const processEnvironment: Environment = process.env;

export interface LocalSettings {
  port: number;
  dynamodbPort: number;
  /** Use this DynamoDB instead of the embedded one. */
  dynamodbEndpoint?: string;
  /** A folder, or `memory`. */
  dataDir: string;
  configFile: string;
  /** File or folder of catalog definitions to load at start. */
  catalog?: string;
  tablePrefix: string;
  host: string;
  signingSecrets?: string[];
  apiKeys?: string[];
  /** Keys of those who report deployments and incidents. */
  ingestApiKeys?: string[];
  /** Keys of those who besides read, change and delete them. */
  ingestApplicationKeys?: string[];
  /** The same paths over TLS. */
  tls?: TlsSettings;
  /** REST token of the PagerDuty account. */
  pagerDutyToken?: string;
  /** Another address of PagerDuty's REST API, for tests. */
  pagerDutyApiUrl?: string;
  sweepSeconds: number;
  catalogSyncSeconds: number;
  reconcileSeconds: number;
}

export interface TlsSettings {
  /** PEM files. */
  certFile: string;
  keyFile: string;
  port: number;
}

export interface LambdaSettings {
  tablePrefix: string;
  /** The deployment's name in logs and metrics: the table prefix without its dash. */
  service: string;
  region: string;
  /** AWS's own variable for another endpoint than AWS's: set only where the bundles run against an emulator. */
  endpoint?: string;
}

export class SettingError extends Error {
  override readonly name = 'SettingError';
}

export function readLocalSettings(environment: Environment = processEnvironment): LocalSettings {
  const read = reader(environment);
  const dynamodbEndpoint = read.url('DYNAMODB_ENDPOINT');
  const catalog = read.text('BRIDGE_CATALOG');
  const signingSecrets = read.list('PAGERDUTY_SIGNING_SECRETS');
  const apiKeys = read.list('BRIDGE_API_KEYS');
  const ingestApiKeys = read.list('BRIDGE_INGEST_API_KEYS');
  const ingestApplicationKeys = read.list('BRIDGE_INGEST_APPLICATION_KEYS');
  const pagerDutyToken = read.text('PAGERDUTY_TOKEN');
  const pagerDutyApiUrl = read.url('PAGERDUTY_API_URL');
  const tls = readTls(read);
  return {
    port: read.port('PORT', 8787),
    dynamodbPort: read.port('DYNAMODB_PORT', 8000),
    ...(dynamodbEndpoint === undefined ? {} : { dynamodbEndpoint }),
    dataDir: read.text('BRIDGE_DATA_DIR') ?? '.data',
    configFile: read.text('BRIDGE_CONFIG') ?? 'infra/bridge.yml',
    ...(catalog === undefined ? {} : { catalog }),
    tablePrefix: read.tablePrefix() ?? 'pagerduty-bridge-local-',
    host: read.text('HOST') ?? '127.0.0.1',
    ...(signingSecrets === undefined ? {} : { signingSecrets }),
    ...(apiKeys === undefined ? {} : { apiKeys }),
    ...(ingestApiKeys === undefined ? {} : { ingestApiKeys }),
    ...(ingestApplicationKeys === undefined ? {} : { ingestApplicationKeys }),
    ...(pagerDutyToken === undefined ? {} : { pagerDutyToken }),
    ...(pagerDutyApiUrl === undefined ? {} : { pagerDutyApiUrl }),
    ...(tls === undefined ? {} : { tls }),
    sweepSeconds: read.seconds('BRIDGE_SWEEP_SECONDS', 60),
    catalogSyncSeconds: read.seconds('BRIDGE_CATALOG_SYNC_SECONDS', 3600),
    reconcileSeconds: read.seconds('BRIDGE_RECONCILE_SECONDS', 3600),
  };
}

function readTls(read: ReturnType<typeof reader>): TlsSettings | undefined {
  const certFile = read.text('BRIDGE_TLS_CERT');
  const keyFile = read.text('BRIDGE_TLS_KEY');
  const port = read.port('TLS_PORT', 8443);
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile, port };
  if (certFile === undefined && keyFile === undefined) return undefined;
  const [set, missing] = certFile
    ? ['BRIDGE_TLS_CERT', 'BRIDGE_TLS_KEY']
    : ['BRIDGE_TLS_KEY', 'BRIDGE_TLS_CERT'];
  throw new SettingError(
    `${set} must be set together with ${missing}: a certificate and its key, as PEM files`,
  );
}

/** What a deployed function is told by its environment. Lambda itself sets AWS_REGION. */
export function readLambdaSettings(environment: Environment = processEnvironment): LambdaSettings {
  const read = reader(environment);
  const tablePrefix = read.tablePrefix();
  if (tablePrefix === undefined) {
    throw new SettingError(
      'BRIDGE_TABLE_PREFIX is not set; the deployment sets it, e.g. to pagerduty-bridge-prod-',
    );
  }
  const endpoint = read.url('AWS_ENDPOINT_URL');
  return {
    tablePrefix,
    service: tablePrefix.replace(/[-_.]+$/, ''),
    region: read.text('AWS_REGION') ?? 'us-east-1',
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

/** Where PagerDuty sends webhooks to, and for tests another address of its REST API: what `reconcile` is told besides. */
export function readPagerDutySettings(environment: Environment = processEnvironment): {
  webhookUrl: string | undefined;
  apiUrl: string | undefined;
} {
  const read = reader(environment);
  return { webhookUrl: read.url('BRIDGE_WEBHOOK_URL'), apiUrl: read.url('PAGERDUTY_API_URL') };
}

function reader(environment: Environment) {
  const text = (name: string): string | undefined => environment[name]?.trim() || undefined;
  return {
    text,
    list(name: string): string[] | undefined {
      const values = (text(name) ?? '').split(',').map((each) => each.trim());
      const present = values.filter((each) => each !== '');
      return present.length > 0 ? present : undefined;
    },
    port(name: string, otherwise: number): number {
      const value = text(name);
      if (value === undefined) return otherwise;
      if (/^\d{1,5}$/.test(value) && Number(value) <= 65535) return Number(value);
      throw new SettingError(
        `${name} must be a port, 0 (pick a free one) to 65535, not ${JSON.stringify(value)}`,
      );
    },
    seconds(name: string, otherwise: number): number {
      const value = text(name);
      if (value === undefined) return otherwise;
      const seconds = Number(value);
      // Timers hold at most 2^31 ms, about 24 days; a day is far beyond use.
      if (seconds > 0 && seconds <= 86_400) return seconds;
      throw new SettingError(
        `${name} must be a number of seconds, more than 0 and at most 86400, not ${JSON.stringify(value)}`,
      );
    },
    url(name: string): string | undefined {
      const value = text(name);
      if (value === undefined || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)))
        return value;
      throw new SettingError(`${name} must be a URL such as http://127.0.0.1:8000`);
    },
    tablePrefix(): string | undefined {
      const value = text('BRIDGE_TABLE_PREFIX');
      if (value === undefined || /^[A-Za-z0-9_.-]{1,200}$/.test(value)) return value;
      throw new SettingError(
        `BRIDGE_TABLE_PREFIX must be what DynamoDB accepts in a table name (letters, digits, _ . -), not ${JSON.stringify(value)}`,
      );
    },
  };
}
