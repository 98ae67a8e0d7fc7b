import { readLambdaSettings, readLocalSettings } from '../../../lib/adapters/config/environment.ts';

describe('the settings of a laptop', () => {
  it('have defaults', () => {
    expect(readLocalSettings({})).toEqual({
      port: 8787,
      dynamodbPort: 8000,
      dataDir: '.data',
      configFile: 'infra/bridge.yml',
      tablePrefix: 'pagerduty-bridge-local-',
      host: '127.0.0.1',
      sweepSeconds: 60,
      catalogSyncSeconds: 3600,
      reconcileSeconds: 3600,
    });
  });

  it.each<[Record<string, string>, object]>([
    [
      { PORT: '0', DYNAMODB_PORT: '65535' },
      { port: 0, dynamodbPort: 65535 },
    ],
    [{ PORT: '  ' }, { port: 8787 }],
    [{ DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000' }, { dynamodbEndpoint: 'http://127.0.0.1:8000' }],
    [{ BRIDGE_DATA_DIR: 'memory' }, { dataDir: 'memory' }],
    [
      { BRIDGE_CONFIG: 'my.yml', BRIDGE_CATALOG: 'catalog' },
      { configFile: 'my.yml', catalog: 'catalog' },
    ],
    [{ PAGERDUTY_SIGNING_SECRETS: ' new , old,' }, { signingSecrets: ['new', 'old'] }],
    [{ BRIDGE_API_KEYS: 'a' }, { apiKeys: ['a'] }],
    [{ BRIDGE_INGEST_API_KEYS: 'a, b' }, { ingestApiKeys: ['a', 'b'] }],
    [{ BRIDGE_INGEST_APPLICATION_KEYS: 'a' }, { ingestApplicationKeys: ['a'] }],
    [
      { PAGERDUTY_TOKEN: 'u+key', PAGERDUTY_API_URL: 'http://127.0.0.1:1' },
      { pagerDutyToken: 'u+key', pagerDutyApiUrl: 'http://127.0.0.1:1' },
    ],
    [
      { BRIDGE_TLS_CERT: 'c.pem', BRIDGE_TLS_KEY: 'k.pem' },
      { tls: { certFile: 'c.pem', keyFile: 'k.pem', port: 8443 } },
    ],
    [
      { BRIDGE_TLS_CERT: 'c.pem', BRIDGE_TLS_KEY: 'k.pem', TLS_PORT: '0' },
      { tls: { certFile: 'c.pem', keyFile: 'k.pem', port: 0 } },
    ],
    [
      { BRIDGE_TABLE_PREFIX: 'mine-', HOST: '0.0.0.0' },
      { tablePrefix: 'mine-', host: '0.0.0.0' },
    ],
    [{ BRIDGE_SWEEP_SECONDS: '0.5' }, { sweepSeconds: 0.5 }],
    [{ BRIDGE_CATALOG_SYNC_SECONDS: '900' }, { catalogSyncSeconds: 900 }],
    [{ BRIDGE_RECONCILE_SECONDS: '900' }, { reconcileSeconds: 900 }],
  ])('are read from %j', (environment, expected) => {
    expect(readLocalSettings(environment)).toMatchObject(expected);
  });

  it('treats a list of nothing as unset', () => {
    expect(readLocalSettings({ PAGERDUTY_SIGNING_SECRETS: ' , ' })).not.toHaveProperty('signingSecrets');
  });

  it.each([
    { PORT: '70000' },
    { PORT: '-1' },
    { PORT: '80a' },
    { DYNAMODB_PORT: '1.5' },
    { DYNAMODB_ENDPOINT: '127.0.0.1:8000' },
    { BRIDGE_TABLE_PREFIX: 'a b' },
    { BRIDGE_TLS_CERT: 'c.pem' },
    { BRIDGE_TLS_KEY: 'k.pem' },
    { TLS_PORT: 'a' },
    { BRIDGE_SWEEP_SECONDS: '0' },
    { BRIDGE_SWEEP_SECONDS: 'soon' },
    { BRIDGE_SWEEP_SECONDS: '1e9' },
  ] as Record<string, string>[])('are refused by name: %j', (environment) => {
    expect(() => readLocalSettings(environment)).toThrow(
      new RegExp(`^${Object.keys(environment)[0]} must be`),
    );
  });
});

describe('the settings of a deployed function', () => {
  it.each<[Record<string, string>, object]>([
    [
      { BRIDGE_TABLE_PREFIX: 'pagerduty-bridge-prod-', AWS_REGION: 'eu-central-1' },
      { tablePrefix: 'pagerduty-bridge-prod-', service: 'pagerduty-bridge-prod', region: 'eu-central-1' },
    ],
    [
      { BRIDGE_TABLE_PREFIX: 'p', AWS_ENDPOINT_URL: 'http://127.0.0.1:5000' },
      { tablePrefix: 'p', service: 'p', region: 'us-east-1', endpoint: 'http://127.0.0.1:5000' },
    ],
  ])('are read from %j', (environment, expected) => {
    expect(readLambdaSettings(environment)).toEqual(expected);
  });

  it('must name the tables', () => {
    expect(() => readLambdaSettings({})).toThrow('BRIDGE_TABLE_PREFIX is not set');
  });
});
