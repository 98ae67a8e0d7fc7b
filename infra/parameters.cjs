const fs = require('node:fs');
const path = require('node:path');

/**
 * What can be set for a deployment, with `--stage`, `--region` and `--param name=value`. Every framework that
 * reads serverless.yml runs this first, so a mistake ends it before anything is packaged or sent.
 */
const parameters = {
  config: {
    default: '',
    check: (value) =>
      value === '' ||
      value === builtFrom().config ||
      `dist/ was built from ${builtFrom().config ?? 'nothing yet'}; npm run package and npm run deploy build it anew`,
    help: 'the configuration to build and deploy, infra/bridge.yml or the one BRIDGE_CONFIG names without it',
  },
  front_door: {
    default: 'http-api',
    check: oneOf('http-api', 'function-url'),
    help: 'where PagerDuty sends webhooks to: an API Gateway HTTP API, or the URL of the function itself',
  },
  alarm_email: {
    default: '',
    check: (value) =>
      value === '' || /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/.test(value) || 'must be one mail address',
    help: 'mail address that alarms go to; AWS sends it a confirmation link first',
  },
  log_retention_days: {
    default: '30',
    check: oneOf(
      '1',
      '3',
      '5',
      '7',
      '14',
      '30',
      '60',
      '90',
      '120',
      '150',
      '180',
      '365',
      '400',
      '545',
      '731',
      '1827',
    ),
    help: 'how long CloudWatch keeps the logs',
  },
  silent_hours: {
    default: '24',
    // CloudWatch looks back a week at most.
    check: whole(1, 168),
    help: 'alarm when no authentic webhook came for this many hours',
  },
  reserved_concurrency: {
    default: '0',
    check: whole(0, 1000),
    help: 'executions reserved for receive, 0 for none; accounts with a limit of 10 cannot reserve any',
  },
  catalog_sync_hours: {
    default: '1',
    check: whole(1, 24),
    help: 'live catalogs (catalog_sources in bridge.yml) are read once in so many hours',
  },
  api_domain: {
    default: '',
    check: (value) =>
      value === '' ||
      /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/.test(value) ||
      'must be a domain name in lower case, such as api.bridge.example.com',
    help: 'a name of your own for the API of ingest; datadog-ci needs one that begins with api.',
  },
  api_certificate_arn: {
    default: '',
    check: (value) =>
      value === '' ||
      /^arn:[\w-]+:acm:[^:]+:\d{12}:certificate\/[\w-]+$/.test(value) ||
      'must be the ARN of a certificate in ACM',
    help: 'the certificate of api_domain, in the region of the deployment',
  },
  secrets_kms_key_arn: {
    default: '',
    check: (value) =>
      value === '' ||
      /^arn:[\w-]+:kms:[^:]+:\d{12}:key\/[\w-]+$/.test(value) ||
      'must be the ARN of a KMS key',
    help: 'the key of your SecureString parameters, if it is not the default alias/aws/ssm',
  },
};

/** The configuration that is in dist/. */
function builtFrom() {
  const file = path.join(__dirname, '../dist/built-from.json');
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
}

module.exports = async ({ options, resolveVariable }) => {
  const faults = unknownParameters(options.param);
  const values = {};
  for (const [name, { default: otherwise, check }] of Object.entries(parameters)) {
    const value = String(await resolveVariable(`param:${name}, '${otherwise}'`));
    const verdict = check(value);
    if (verdict !== true) faults.push(`--param ${name}=${value}: ${verdict} (${parameters[name].help})`);
    values[name] = value;
  }

  const stage = String(await resolveVariable(`opt:stage, 'dev'`));
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(stage)) {
    faults.push(
      `--stage ${stage}: must be 1 to 20 of a-z, 0-9 and -, beginning with a letter; it is part of every name`,
    );
  }
  const region = String(await resolveVariable(`opt:region, env:AWS_REGION, env:AWS_DEFAULT_REGION, ''`));
  const deploying = (process.argv[2] ?? '') === 'deploy' || process.argv.includes('deploy');
  if (region === '' && deploying) {
    faults.push('the region is missing: add --region, e.g. --region eu-central-1, or set AWS_REGION');
  }
  faults.push(...domainFaults(values, region));
  if (faults.length > 0) fail(faults);

  const syncHours = Number(values.catalog_sync_hours);
  return {
    ...values,
    stage,
    region: region || 'us-east-1',
    name: `pagerduty-bridge-${stage}`,
    table_prefix: `pagerduty-bridge-${stage}-`,
    config_fingerprint: builtFrom().fingerprint ?? 'not-built',
    log_retention_days: Number(values.log_retention_days),
    silent_hours: Number(values.silent_hours),
    reserved_concurrency: Number(values.reserved_concurrency),
    // The build bundles the function only if bridge.yml asks for it.
    catalog_sync: isBuilt('catalog-sync') ? 'catalog-sync' : 'nothing',
    ingest: isBuilt('ingest') ? 'ingest' : 'nothing',
    reconcile: isBuilt('reconcile') ? 'reconcile' : 'nothing',
    api_domain_part: values.api_domain === '' ? 'nothing' : 'api-domain',
    catalog_sync_schedule: syncHours === 1 ? 'rate(1 hour)' : `rate(${syncHours} hours)`,
    catalog_sync_seconds: syncHours * 3600,
    protect_tables: stage === 'prod',
  };
};

module.exports.fail = fail;

/** Ends packaging with nothing but the messages: a stack would only bury them. */
function fail(faults) {
  const error = new Error(`\n${faults.map((fault) => `  - ${fault}`).join('\n')}\n`);
  error.stack = '';
  throw error;
}

/** Each of the two is useless without the other, and both without the function they are for. */
function domainFaults({ api_domain: domain, api_certificate_arn: certificate }, region) {
  if (domain === '' && certificate === '') return [];
  if (domain === '') return ['--param api_certificate_arn is for --param api_domain, which is missing'];
  if (certificate === '')
    return ['--param api_domain needs --param api_certificate_arn, its certificate in ACM'];
  if (!isBuilt('ingest')) {
    return [
      '--param api_domain names the API of ingest, and bridge.yml has no ingest (or nothing is built yet)',
    ];
  }
  const [, , , of = ''] = certificate.split(':');
  return region === '' || of === region
    ? []
    : [
        `--param api_certificate_arn is of ${of}, and the deployment of ${region}; it must be of the same region`,
      ];
}

const isBuilt = (name) => fs.existsSync(path.join(__dirname, '..', 'dist', name, 'index.cjs'));

function oneOf(...allowed) {
  return (value) => allowed.includes(value) || `must be one of ${allowed.join(', ')}`;
}

function whole(least, most) {
  return (value) =>
    (/^\d{1,6}$/.test(value) && Number(value) >= least && Number(value) <= most) ||
    `must be a whole number from ${least} to ${most}`;
}

/** A typo would silently deploy the default. */
function unknownParameters(given) {
  const names = [given ?? []].flat().map((text) => String(text).split('=')[0]);
  return names
    .filter((name) => !(name in parameters))
    .map((name) => `--param ${name} is not known; known are ${Object.keys(parameters).join(', ')}`);
}
