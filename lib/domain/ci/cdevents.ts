import type { DeploymentReport } from '../deployment/deployment-report.ts';
import type { IncidentReport } from '../incident-report/incident-report.ts';
import { member, readText } from '../pagerduty/loose.ts';
import { type Carried, carriedEvents, type Headers, mostInBatch } from './cloudevents.ts';
import { readPackageUrl } from './package-url.ts';
import { type CiReading, ignored, oneDeployment, readMomentText, readName } from './reading.ts';

/** `dev.cdevents.service.deployed.0.3.0`; versions have changed nothing that is read here. */
const typeForm = /^dev\.cdevents\.([a-z]+)\.([a-z]+)(?:\.|$)/;
const deployed = new Set(['deployed', 'upgraded', 'rolledback']);
const told = new Set(['detected', 'reported', 'resolved']);

/** What is read of every CDEvent. */
interface Event {
  subject: string;
  predicate: string;
  /** Of the subject. */
  id: string;
  content: unknown;
  /** Of the event, unique together with its source. */
  key: string;
  source: string;
  at: string;
}

/** CDEvents of deployed services and of incidents, in CloudEvents or by themselves. https://cdevents.dev */
export function readCdEvents(headers: Headers, body: string): CiReading {
  const carried = carriedEvents(headers, body);
  if (carried === undefined) return ignored('unreadable', 'the body is not JSON');
  if (carried.length === 0) return ignored('unreadable', 'the batch is empty');
  // Taking a part of it would lose the rest in silence.
  if (carried.length > mostInBatch)
    return ignored('unreadable', `the batch has more than ${mostInBatch} events`);
  const readings = carried.map(readOne);
  const reports = readings.filter((reading) => reading.kind === 'reports');
  if (reports.length === 0) return readings[0] ?? ignored('unreadable', 'the batch is empty');
  return {
    kind: 'reports',
    deployments: reports.flatMap(({ deployments }) => deployments),
    incidents: reports.flatMap(({ incidents }) => incidents),
  };
}

function readOne({ data, envelope }: Carried): CiReading {
  const context = member(data, 'context');
  const type = readName(member(context, 'type') ?? envelope['type']);
  const [, subject = '', predicate = ''] = typeForm.exec(type ?? '') ?? [];
  if (type === undefined || subject === '') return ignored('unreadable', 'context.type names no CDEvent');
  const isDeployment = subject === 'service' && deployed.has(predicate);
  const isIncident = subject === 'incident' && told.has(predicate);
  if (!isDeployment && !isIncident) return ignored('other_event', type);
  if (isOurs(member(data, 'customData'))) return ignored('ours', 'the bridge itself has sent it');

  const id = readName(member(member(data, 'subject'), 'id'));
  const key = readName(member(context, 'id') ?? envelope['id']);
  const at = readMomentText(member(context, 'timestamp') ?? envelope['time']);
  if (id === undefined) return ignored('unreadable', 'subject.id is missing');
  if (key === undefined) return ignored('unreadable', 'context.id is missing');
  if (at === undefined) return ignored('unreadable', 'context.timestamp is no time');
  const source = readName(member(context, 'source') ?? envelope['source']) ?? '';
  const content = member(member(data, 'subject'), 'content');
  const event: Event = { subject, predicate, id, content, key, source, at };
  return isDeployment ? oneDeployment(deploymentOf(event)) : incidentOf(event);
}

/** What the bridge sends to others carries the event it was made of; brought back here it is nothing new. */
const isOurs = (customData: unknown): boolean =>
  member(customData, 'version') === '1' &&
  typeof member(customData, 'sequence') === 'number' &&
  (member(customData, 'incident') !== undefined || member(customData, 'deployment') !== undefined);

/** CDEvents tell of deployments that are done, not when they began. */
const deploymentOf = ({ predicate, id, content, key, source, at }: Event): DeploymentReport => ({
  source: 'cdevents',
  external_id: `cdevents:${source}:${key}`,
  service: nameIn(id),
  env: environmentOf(content),
  status: 'succeeded',
  finished_at: at,
  ...readPackageUrl(member(content, 'artifactId')),
  custom_tags: predicate === 'rolledback' ? ['cdevents:rolledback'] : [],
});

/** Several events tell of one incident: it begins with the first, and ends with `resolved`. */
function incidentOf({ predicate, id, content, source, at }: Event): CiReading {
  const service = readName(member(member(content, 'service'), 'id'));
  const env = environmentOf(content);
  const name = readText(member(content, 'description'));
  const report: IncidentReport = {
    source: 'cdevents',
    external_id: `cdevents:${source}:${id}`,
    services: service === undefined ? [] : [nameIn(service)],
    ...(env === undefined ? {} : { env }),
    ...(name === undefined ? {} : { name }),
    ...(predicate === 'resolved' ? { finished_at: at } : { seen_at: at }),
    ...readPackageUrl(member(content, 'artifactId')),
    custom_tags: [],
  };
  return { kind: 'reports', deployments: [], incidents: [report] };
}

/** The environment the bridge itself writes where there is none, for CDEvents demand one. */
const noEnvironment = 'unknown';

function environmentOf(content: unknown): string | undefined {
  const env = readName(member(member(content, 'environment'), 'id'));
  return env === noEnvironment ? undefined : env;
}

/** A service's own name in an id such as `service/cart` or `/clusters/eu/services/cart`. */
const nameIn = (id: string): string => /(?:^|\/)services?\/([^/]+)$/.exec(id)?.[1] ?? id;
