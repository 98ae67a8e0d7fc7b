import { deployment } from './kinds/deployment.ts';
import { doraIncident } from './kinds/dora-incident.ts';
import { echo } from './kinds/echo.ts';
import { expired } from './kinds/expired.ts';
import { incident } from './kinds/incident.ts';
import { noSubject } from './kinds/no-subject.ts';
import { quarantine } from './kinds/quarantine.ts';
import { service } from './kinds/service.ts';
import { versions } from './kinds/versions.ts';
import type { Subject } from './subject.ts';

/** Everything a log can be about. */
export const subjects: readonly Subject[] = [
  incident,
  doraIncident,
  deployment,
  service,
  versions,
  noSubject,
  echo,
  expired,
  quarantine,
];

/** Throws for a key of no known kind: a newer version wrote it, and a version that knows it shall work on it. */
export function subjectOf(key: string): Subject {
  const subject = subjects.find(({ kind }) => kind.owns(key));
  if (!subject) throw new Error(`The log key "${key}" is of no kind this version knows.`);
  return subject;
}
