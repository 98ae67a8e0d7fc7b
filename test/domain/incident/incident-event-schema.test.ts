import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import type * as z from 'zod/mini';
import { foldAll } from '../../../lib/domain/incident/fold.ts';
import { toFoldEvent } from '../../../lib/domain/incident/fold-event.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/incident-event.ts';
import {
  incidentEventJsonSchema,
  incidentEventSchema,
} from '../../../lib/domain/incident/incident-event-schema.ts';
import type { LoggedEvent } from '../../../lib/domain/incident/logged-event.ts';
import { renderIncidentEvent } from '../../../lib/domain/incident/render-incident-event.ts';
import { generateHistory } from '../../support/histories.ts';
import { seededRng } from '../../support/rng.ts';
import { loggedEvent } from '../../support/webhooks.ts';

/** Does not compile once the schema and the type differ. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const same: Same<z.infer<typeof incidentEventSchema>, IncidentEvent> = true;

const schema = incidentEventJsonSchema();
const validate = new Ajv2020({ strict: false }).compile(schema);

function rendered(seed: number): IncidentEvent {
  const logged = generateHistory(seededRng(seed)).bodies.map((body) => loggedEvent(body));
  const event = logged[logged.length >> 1] as LoggedEvent;
  return renderIncidentEvent({
    state: foldAll(event.incidentId, logged.map(toFoldEvent)),
    event,
    match: { rule: 'team_name', services: [], team: 'payments', explanation: 'x' },
    config: { severity: {} },
    envHeader: seed % 2 === 0 ? 'prod' : undefined,
    sequence: 1 + seed,
    late: seed % 3 === 0,
  });
}

describe('the JSON Schema of the incident event', () => {
  it('is published as it is generated; `npx tsx infra/generate-schemas.ts` writes it anew', () => {
    const published: unknown = JSON.parse(
      readFileSync('lib/domain/incident/incident-event.schema.json', 'utf8'),
    );
    expect(published).toEqual(schema);
    expect(same).toBe(true);
  });

  it('accepts what is rendered of 200 histories', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const event = rendered(seed);
      expect([validate(event), validate.errors]).toEqual([true, null]);
      expect(incidentEventSchema.parse(event)).toEqual(event);
    }
  });

  it('lets receivers meet keys that a later release may add', () => {
    expect(validate({ ...rendered(1), new_fact: 1 })).toBe(true);
  });

  const broken: [string, (event: IncidentEvent) => object][] = [
    ['another version', (event) => ({ ...event, version: '2' })],
    ['neither services nor team', ({ team: _team, ...event }) => event],
    ['an empty list of services', (event) => ({ ...event, services: [] })],
    ['a sequence of 0', (event) => ({ ...event, sequence: 0 })],
    ['a time in another form', (event) => ({ ...event, started_at: '2026-03-02T10:00:00Z' })],
    ['late that is false', (event) => ({ ...event, late: false })],
    ['no merged_into', (event) => ({ ...event, incident: { ...event.incident, merged_into: undefined } })],
    ['a status of its own', (event) => ({ ...event, incident: { ...event.incident, status: 'open' } })],
    [
      'a negative time to restore',
      (event) => ({ ...event, incident: { ...event.incident, time_to_restore_seconds: -1 } }),
    ],
    ['an unknown rule', (event) => ({ ...event, match: { rule: 'guess', explanation: '' } })],
  ];
  it.each(broken)('refuses %s', (_what, change) => {
    expect(validate(JSON.parse(JSON.stringify(change(rendered(4)))))).toBe(false);
  });
});
