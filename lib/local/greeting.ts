import type { LocalSettings } from '../adapters/config/environment.ts';
import { asConfigured } from '../adapters/destinations/as-configured.ts';
import type { LocalBridge } from './start-bridge.ts';

/** What a newcomer reads after `npm start`: what runs where, and what to do next. */
export function greeting(bridge: LocalBridge, settings: LocalSettings): string[] {
  const { ready, generatedSecret, generatedKeys, catalog, repaired, config } = bridge;
  const kept = settings.dataDir === 'memory' ? 'in memory, nothing is kept' : `kept in ${settings.dataDir}`;
  const names = asConfigured(config.destinations).map(({ name, type }) =>
    name === type ? name : `${name} (${type})`,
  );
  return [
    '',
    `PagerDuty webhooks   POST ${ready.webhook_url}`,
    ...(generatedSecret === undefined ? [] : [`signing secret       ${generatedSecret}`]),
    `DORA API             ${ready.api_url}/api/v2/dora${ready.tls_url === undefined ? '' : `, and ${ready.tls_url}`}`,
    ...(generatedKeys.api === undefined ? [] : [`API key              ${generatedKeys.api}`]),
    ...(generatedKeys.application === undefined ? [] : [`application key      ${generatedKeys.application}`]),
    `database             ${ready.dynamodb_endpoint} (DynamoDB${settings.dynamodbEndpoint ? '' : `, ${kept}`}), tables ${ready.table_prefix}*`,
    `destinations         ${names.join(', ') || 'none'}, from ${settings.configFile}`,
    `catalog              ${catalog ? `${count(catalog.entries, 'entry', 'entries')} from ${count(catalog.files, 'file', 'files')}` : 'npx pdbridge catalog push <files>'}`,
    ...(catalog?.warnings ?? []).map((warning) => `  warning            ${warning}`),
    ...(repaired ? [`repaired             ${describeRepair(repaired)}`] : []),
    '',
    'Next, in another terminal:',
    '  npx pdbridge trigger incident.triggered     send a signed sample webhook',
    '  npx pdbridge incidents ls                   see the incident',
    '  npx pdbridge mappings ls                    see what its service was matched with, and why',
    '',
  ];
}

const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

function describeRepair({ entriesAdded, entriesRemoved }: NonNullable<LocalBridge['repaired']>): string {
  const changes = `${entriesAdded} index entries written, ${entriesRemoved} removed`;
  return `the last run did not end cleanly; ${changes}`;
}
