import { type Column, renderTable } from '../../adapters/terminal/table.ts';
import { deployment } from '../../domain/subject/deployment.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { scan } from '../../store/database/request.ts';
import { indent, type Page } from './page.ts';
import type { Stage } from './stage.ts';
import { clockTime, duration, ownerOf } from './words.ts';

export interface Tables {
  /** The log of what PagerDuty has told. */
  events: Row[];
  incidents: Row[];
  mappings: Row[];
  outgoing: Row[];
  deliveries: Row[];
}

export async function readTables({ store }: Stage): Promise<Tables> {
  const [events, incidents, mappings, outgoing, deliveries] = await Promise.all([
    scan(store, 'events'),
    scan(store, 'incidents'),
    scan(store, 'mappings'),
    scan(store, 'outgoing'),
    scan(store, 'deliveries'),
  ]);
  const by = (name: string) => (a: Row, b: Row) => text(a, name).localeCompare(text(b, name));
  return {
    events: events
      .filter((row) => !deployment.owns(text(row, 'incident_id')))
      .sort(by('log_key'))
      .sort(by('incident_id')),
    incidents: incidents.sort(by('number')),
    mappings: mappings.sort(by('last_incident_at')),
    outgoing,
    deliveries,
  };
}

const text = (row: Row, name: string): string => String(row[name] ?? '');
const owner = (row: Row) => ownerOf(row as { services?: string[]; team?: string });

const incidentColumns: Column<Row>[] = [
  { title: 'number', cell: (row) => text(row, 'number') },
  { title: 'status', cell: (row) => text(row, 'status') },
  { title: 'services, team', cell: owner },
  { title: 'restored', cell: (row) => restored(row) },
  { title: 'forwarding', cell: (row) => text(row, 'forwarding') },
];

const restored = ({ time_to_restore_seconds: seconds }: Row) =>
  typeof seconds === 'number' ? duration(seconds) : undefined;

const mappingColumns: Column<Row>[] = [
  { title: 'service', cell: (row) => text(row, 'pagerduty_service_id') },
  { title: 'its name', cell: (row) => text(row, 'pagerduty_service_name') },
  { title: 'rule', cell: (row) => text(row, 'rule') },
  { title: 'services, team', cell: owner },
];

/** The way of each webhook: its row in the log, the frozen event, the delivery. */
function journeyColumns({ incidents, outgoing, deliveries }: Tables): Column<Row>[] {
  const same = (event: Row) => (row: Row) => row['event_id'] === event['event_id'];
  const numberOf = new Map(incidents.map((row) => [row['incident_id'], text(row, 'number')]));
  return [
    { title: 'events', cell: (row) => numberOf.get(row['incident_id']) },
    { title: '', cell: (row) => clockTime(Date.parse(text(row, 'occurred_at'))) },
    { title: '', cell: (row) => text(row, 'event_type') },
    {
      title: 'outgoing',
      cell: (row) =>
        outgoing
          .filter(same(row))
          .map((each) => `#${each['sequence']}`)
          .join(),
    },
    {
      title: 'deliveries',
      cell: (row) =>
        deliveries
          .filter(same(row))
          .map((each) => `${each['status']} ${each['last_status_code']}`)
          .join(),
    },
  ];
}

export function showTables(page: Page, tables: Tables): void {
  page.title('What the tables hold');
  table(page, 'incidents: what happened, as it is now', incidentColumns, tables.incidents);
  table(page, 'mappings: each PagerDuty service and whose it is', mappingColumns, tables.mappings);
  table(
    page,
    'events: the log; outgoing: what was frozen to go out; deliveries: who has it',
    journeyColumns(tables),
    tables.events,
  );
}

function table(page: Page, caption: string, columns: Column<Row>[], rows: Row[]): void {
  const [head = '', ...body] = renderTable(columns, rows, undefined).trimEnd().split('\n');
  page.line();
  page.line(`${indent}${page.paint('cyan', caption)}`);
  page.line(`${indent}${page.paint('dim', head)}`);
  for (const line of body) page.line(`${indent}${line}`);
}
