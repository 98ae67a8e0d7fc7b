/**
 * The tables and the indexes the code queries, as the local server and the tests create them. The deployed
 * ones are in infra/tables.yml; a test holds the two together. Attribute types: S string, N number.
 */
export interface TableDefinition {
  name: TableName;
  hash: KeyAttribute;
  range?: KeyAttribute;
  indexes: IndexDefinition[];
}

export interface IndexDefinition {
  name: string;
  hash: KeyAttribute;
  range: KeyAttribute;
  /** Attributes projected beside the keys; none means KEYS_ONLY. */
  include: string[];
}

export interface KeyAttribute {
  attribute: string;
  type: 'S' | 'N';
}

export type TableName =
  | 'events'
  | 'incidents'
  | 'outgoing'
  | 'deliveries'
  | 'mappings'
  | 'catalog'
  | 'destinations'
  | 'deployments'
  | 'state';

const s = (attribute: string): KeyAttribute => ({ attribute, type: 'S' });

/** What is owed, spread over 8 shards so that no index partition runs hot; sparse, so it costs what is due. */
const due: IndexDefinition = { name: 'due', hash: s('due_shard'), range: s('due_at'), include: [] };

export const tableDefinitions: TableDefinition[] = [
  { name: 'events', hash: s('incident_id'), range: s('log_key'), indexes: [due] },
  {
    name: 'incidents',
    hash: s('incident_id'),
    indexes: [
      { name: 'held', hash: s('held_service'), range: s('held_judged_by'), include: [] },
      { name: 'by_day', hash: s('day'), range: s('at'), include: ['facts'] },
    ],
  },
  {
    name: 'outgoing',
    hash: s('incident_id'),
    range: { attribute: 'sequence', type: 'N' },
    indexes: [],
  },
  { name: 'deliveries', hash: s('incident_id'), range: s('delivery_id'), indexes: [due] },
  {
    name: 'mappings',
    hash: s('pagerduty_service_id'),
    indexes: [
      {
        name: 'held',
        hash: s('held'),
        range: s('pagerduty_service_id'),
        include: ['pinned_services', 'pinned_team', 'pagerduty_service_name', 'held_at'],
      },
    ],
  },
  { name: 'catalog', hash: s('lookup'), range: s('generation'), indexes: [] },
  { name: 'destinations', hash: s('destination'), indexes: [] },
  {
    name: 'deployments',
    hash: s('deployment_id'),
    indexes: [
      { name: 'by_day', hash: s('day'), range: s('at'), include: ['facts'] },
      { name: 'by_service_env', hash: s('service_env'), range: s('at'), include: ['facts'] },
      { name: 'held', hash: s('held'), range: s('held_judged_by'), include: [] },
    ],
  },
  { name: 'state', hash: s('name'), indexes: [] },
];

/** The attribute DynamoDB's TTL looks at, in every table: epoch seconds. */
export const ttlAttribute = 'expires_at';
