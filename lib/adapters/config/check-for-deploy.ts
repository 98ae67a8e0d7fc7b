import { sourceKeys } from '../catalog-sources/source-config.ts';
import type { IngestConfig } from '../config-values/ingest.ts';
import type { PagerDutyConfig } from '../config-values/pagerduty.ts';
import { isLoopbackUrl } from '../config-values/receiver-url.ts';
import { isLaptopReference } from '../config-values/secret-reference.ts';
import { asConfigured } from '../destinations/as-configured.ts';
import type { DestinationConfig } from '../destinations/destination-config.ts';
import type { Permission } from '../destinations/kind-config.ts';
import { kindConfigs } from '../destinations/kind-configs.ts';
import type { BridgeConfig, ConfigFault } from './bridge-config.ts';

interface SecretUse {
  path: string;
  reference: string;
}

/** What is fine on a laptop and must not reach AWS. */
export function checkForDeploy(config: BridgeConfig): ConfigFault[] {
  return [
    ...noAuthenticator(config),
    ...noIngestKeys(config),
    ...laptopSecrets(config),
    ...loopbackTargets(config),
    ...kindFindings(config),
  ];
}

/** Every secret the configuration refers to, with the place that does: what roles and operators need to know. */
export function secretUses(config: BridgeConfig): SecretUse[] {
  const { authenticate, destinations, ingest, pagerduty, catalog_sources = [], git_hosts = [] } = config;
  const own = Object.entries(authenticate).map(([key, reference]) => ({
    path: `authenticate.${key}`,
    reference,
  }));
  const theirs = asConfigured(destinations).flatMap((destination, index) =>
    texts(destination, kindOf(destination)?.secretKeys ?? []).map(([key, reference]) => ({
      path: `destinations[${index}].${key}`,
      reference,
    })),
  );
  const catalogs = catalog_sources.flatMap((source, index) =>
    texts(source, sourceKeys[source.type].secrets).map(([key, reference]) => ({
      path: `catalog_sources[${index}].${key}`,
      reference,
    })),
  );
  const hosts = git_hosts.map(({ token }, index) => ({
    path: `git_hosts[${index}].token`,
    reference: token,
  }));
  return [
    ...own,
    ...(ingest ? ingestSecrets(ingest) : []),
    ...(pagerduty ? pagerDutySecrets(pagerduty) : []),
    ...theirs,
    ...catalogs,
    ...hosts,
  ];
}

function ingestSecrets(ingest: IngestConfig): SecretUse[] {
  const { api_keys, application_keys, github, gitlab } = ingest;
  return usesOf('ingest', {
    api_keys,
    application_keys,
    'github.secret': github?.secret,
    'gitlab.token': gitlab?.token,
  });
}

const pagerDutySecrets = ({ token, write_token, oauth }: PagerDutyConfig): SecretUse[] =>
  usesOf('pagerduty', { token, write_token, 'oauth.client_secret': oauth?.client_secret });

const usesOf = (part: string, places: Record<string, string | undefined>): SecretUse[] =>
  Object.entries(places).flatMap(([key, reference]) =>
    reference === undefined ? [] : [{ path: `${part}.${key}`, reference }],
  );

/** What the functions that send must be allowed to do for these destinations. */
export function destinationPermissions({ destinations }: BridgeConfig): Permission[] {
  return asConfigured(destinations).flatMap(
    (destination) => kindOf(destination)?.permissions(destination) ?? [],
  );
}

function noAuthenticator({ authenticate }: BridgeConfig): ConfigFault[] {
  if (authenticate.signing_secrets || authenticate.api_keys) return [];
  const message =
    'nothing authenticates webhooks, so every one would be answered 503; set signing_secrets: ssm:/… or api_keys: ssm:/…';
  return [{ path: 'authenticate', message }];
}

function noIngestKeys({ ingest }: BridgeConfig): ConfigFault[] {
  if (!ingest || ingest.api_keys || ingest.github || ingest.gitlab) return [];
  const message =
    'nothing authenticates whoever reports, so every request would be refused; set api_keys: ssm:/…, github, or gitlab, or leave ingest out';
  return [{ path: 'ingest', message }];
}

function laptopSecrets(config: BridgeConfig): ConfigFault[] {
  return secretUses(config)
    .filter(({ reference }) => isLaptopReference(reference))
    .map(({ path, reference }) => ({
      path,
      message: `${reference} is a laptop's; on AWS store the secret as an SSM SecureString and refer to it as ssm:/path`,
    }));
}

function loopbackTargets({
  destinations,
  catalog_sources = [],
  git_hosts = [],
}: BridgeConfig): ConfigFault[] {
  const theirs = asConfigured(destinations).flatMap((destination, index) =>
    texts(destination, kindOf(destination)?.urlKeys ?? []).map(([key, url]) => ({
      path: `destinations[${index}].${key}`,
      url,
    })),
  );
  const catalogs = catalog_sources.flatMap((source, index) =>
    texts(source, sourceKeys[source.type].urls).map(([key, url]) => ({
      path: `catalog_sources[${index}].${key}`,
      url,
    })),
  );
  const hosts = git_hosts.flatMap(({ base_url }, index) =>
    base_url === undefined ? [] : [{ path: `git_hosts[${index}].base_url`, url: base_url }],
  );
  return [...theirs, ...catalogs, ...hosts]
    .filter(({ url }) => isLoopbackUrl(url))
    .map(({ path }) => ({
      path,
      message: 'points to the machine it runs on, which on AWS is nothing; use the public https:// address',
    }));
}

function kindFindings({ destinations }: BridgeConfig): ConfigFault[] {
  return asConfigured(destinations).flatMap((destination, index) =>
    (kindOf(destination)?.checkForDeploy?.(destination) ?? []).map(({ key, message }) => ({
      path: `destinations[${index}].${key}`,
      message,
    })),
  );
}

const kindOf = ({ type }: DestinationConfig) => kindConfigs.find((kind) => kind.type === type);

function texts(holder: object, keys: readonly string[]): [string, string][] {
  return keys.flatMap((key) => {
    const value = (holder as Record<string, unknown>)[key];
    return typeof value === 'string' ? [[key, value] as [string, string]] : [];
  });
}
