import fc from 'fast-check';
import { doraIncident } from '../../../lib/domain/subject/dora-incident.ts';
import { echo } from '../../../lib/domain/subject/echo.ts';
import { incident } from '../../../lib/domain/subject/incident.ts';
import { noSubject } from '../../../lib/domain/subject/no-subject.ts';
import { quarantine } from '../../../lib/domain/subject/quarantine.ts';
import { service } from '../../../lib/domain/subject/service.ts';
import type { SubjectKind } from '../../../lib/domain/subject/subject-kind.ts';

const hash = /^sha256:[0-9a-f]{64}$/;

describe('the key of a subject', () => {
  const rows: [string, SubjectKind, string, string | RegExp][] = [
    ['an incident is its id', incident, 'Q2CKYRLH85UNN4', 'Q2CKYRLH85UNN4'],
    ['an incident whose id looks like a service is a hash', incident, 'service:PF9KMXH', hash],
    ['an incident whose id looks like a hash is another hash', incident, `sha256:${'0'.repeat(64)}`, hash],
    ['an incident whose id fits no key is a hash', incident, 'Käse', hash],
    ['a service carries its kind', service, 'PF9KMXH', 'service:PF9KMXH'],
    ['a service whose id fits no key carries kind and hash', service, '支', /^service:sha256:[0-9a-f]{64}$/],
    ['an event about neither carries its kind', noSubject, '01KJQ7S4M0', 'other:01KJQ7S4M0'],
    ['a reported incident carries its kind', doraIncident, 'INC-42', 'dora:INC-42'],
    ['what comes back carries its kind', echo, 'e0e0', 'echo:e0e0'],
    ['a quarantined body is its hash', quarantine, 'a'.repeat(64), `quarantine:${'a'.repeat(64)}`],
  ];
  it.each(rows)('of %s', (_what, kind, id, expected) => {
    const key = kind.key(id);
    if (typeof expected === 'string') expect(key).toBe(expected);
    else expect(key).toMatch(expected);
    expect(key).not.toBe(`sha256:${'0'.repeat(64)}`);
    expect(kind.owns(key)).toBe(true);
  });

  it('gives the id back where it fits a key', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]{1,30}$/), (id) => {
        for (const kind of [incident, service, noSubject, quarantine, doraIncident, echo]) {
          expect(kind.idOf(kind.key(id))).toBe(id);
        }
      }),
    );
  });
});
