import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import { destinationPermissions, secretUses } from '../../lib/adapters/config/check-for-deploy.ts';
import { functionsOf } from './function-config.ts';
import { sub } from './placeholders.ts';

/** An IAM statement as CloudFormation takes it; `Fn::Sub` fills in partition, region and account. */
interface Statement {
  Effect: 'Allow';
  Action: string[];
  Resource: { 'Fn::Sub': string }[];
}

/** What bridge.yml makes the functions need beyond the tables: they may read their secrets and reach their targets. */
export interface Access {
  /** Secrets of the authenticators: `receive` and nobody else. */
  receive: Statement[];
  /** Keys of whoever reports deployments and incidents: `ingest`. */
  ingest: Statement[];
  /** Secrets of the destinations, and the queues, topics and buses among them: `forward` and `sweep`. */
  workers: Statement[];
  /** Tokens of the git hosts, and keys that PagerDuty is asked with: `sweep` alone asks them. */
  sweep: Statement[];
  /** Secrets of the live catalogs: `catalog-sync`. */
  catalogSync: Statement[];
  /** The keys PagerDuty is asked with, and the one that may write where it is to enable subscriptions: `reconcile`. */
  reconcile: Statement[];
}

export function accessOf(config: BridgeConfig): Access {
  const uses = secretUses(config);
  const of = (part: string) => uses.filter(({ path }) => path.startsWith(part));
  const writes = config.pagerduty?.reenable === true;
  const isWriting = (path: string) => path === 'pagerduty.write_token';
  const pagerDuty = of('pagerduty.').filter(({ path }) => writes || !isWriting(path));
  const permissions = destinationPermissions(config);
  const actions = [...new Set(permissions.map(({ action }) => action))];
  return {
    receive: secretStatements(of('authenticate.')),
    ingest: secretStatements(of('ingest.')),
    workers: [
      ...secretStatements(of('destinations[')),
      ...actions.map((action) =>
        allow(
          [action],
          permissions.filter((permission) => permission.action === action).map(({ resource }) => resource),
        ),
      ),
    ],
    sweep: secretStatements([...of('git_hosts['), ...pagerDuty.filter(({ path }) => !isWriting(path))]),
    catalogSync: secretStatements(of('catalog_sources[')),
    reconcile: functionsOf(config).includes('reconcile') ? secretStatements(pagerDuty) : [],
  };
}

/** A SecureString under AWS's own key needs no permission for KMS; one under a key of yours does, see parameters.cjs. */
function secretStatements(uses: { reference: string }[]): Statement[] {
  const names = uses.flatMap(({ reference }) =>
    reference.startsWith('ssm:') ? [reference.slice('ssm:'.length)] : [],
  );
  if (names.length === 0) return [];
  const arn = (name: string) =>
    `arn:${sub('AWS::Partition')}:ssm:${sub('AWS::Region')}:${sub('AWS::AccountId')}:parameter${name}`;
  return [allow(['ssm:GetParameter'], names.map(arn))];
}

function allow(actions: string[], resources: string[]): Statement {
  return {
    Effect: 'Allow',
    Action: actions,
    Resource: [...new Set(resources)].map((resource) => ({ 'Fn::Sub': resource })),
  };
}
