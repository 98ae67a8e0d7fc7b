import * as z from 'zod/mini';
import { ruleNames } from '../matching/match.ts';

const time = (what: string) =>
  z
    .string()
    .check(
      z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      z.describe(`${what} ISO 8601, UTC, milliseconds.`),
    );
const text = (what: string) => z.string().check(z.describe(what));
const count = (what: string) => z.int().check(z.nonnegative(), z.describe(what));

/** The published form of the incident event, version 1. A test holds it to the type `IncidentEvent`. Never loosened within a version. */
export const incidentEventSchema = z
  .object({
    version: z.literal('1'),
    id: text(
      'The PagerDuty event id. Every attempt to deliver this event carries the same id and the same bytes.',
    ),
    sequence: z
      .int()
      .check(
        z.positive(),
        z.describe('Position among the events of this incident, from 1, in the order of sending.'),
      ),
    type: text('The PagerDuty event type. New ones may appear at any time.'),
    occurred_at: time('When it happened.'),
    late: z.exactOptional(
      z
        .literal(true)
        .check(
          z.describe(
            'It came after events that happened later had been sent; the state in it is the current one.',
          ),
        ),
    ),
    services: z.exactOptional(
      z
        .array(z.string())
        .check(z.minLength(1), z.describe('Catalog services the incident is attributed to.')),
    ),
    team: z.exactOptional(text('Catalog team the incident is attributed to.')),
    env: z.exactOptional(text('Environment.')),
    severity: z.exactOptional(text('Name of the PagerDuty priority, possibly translated by configuration.')),
    name: z.exactOptional(text('Title of the incident.')),
    started_at: time('Start of the incident.'),
    finished_at: z.exactOptional(time('The resolve in force; absent while the incident is open.')),
    incident: z.object({
      id: text('The PagerDuty incident id.'),
      number: z.exactOptional(z.int()),
      url: z.exactOptional(z.string()),
      status: z.enum(['triggered', 'acknowledged', 'resolved']),
      urgency: z.exactOptional(z.string()),
      priority: z.exactOptional(z.string()),
      acknowledged_at: z.exactOptional(time('First acknowledgement.')),
      time_to_acknowledge_seconds: z.exactOptional(count('From the start to the first acknowledgement.')),
      time_to_restore_seconds: z.exactOptional(
        count('Sum of the active periods; only while the incident is resolved and not merged.'),
      ),
      reopen_count: count('How often it was reopened.'),
      merged_into: z
        .nullable(z.string())
        .check(z.describe('The incident this one went on as; such an incident is no failure of its own.')),
      custom_fields: z
        .record(z.string(), z.unknown())
        .check(z.describe('Custom fields that have a value, by name.')),
    }),
    match: z.object({
      rule: z
        .enum([...ruleNames, 'none'])
        .check(z.describe('What attributed the incident; `none`: the PagerDuty names as they are.')),
      explanation: text('The reason in one sentence.'),
      datadog_services: z.exactOptional(
        z
          .array(z.string())
          .check(
            z.describe('What Datadog calls the services, in their order; absent where that is the same.'),
          ),
      ),
    }),
    pagerduty: z.object({
      service: z.object({
        id: z.string(),
        name: z.exactOptional(z.string()),
        url: z.exactOptional(z.string()),
      }),
      teams: z.array(z.object({ id: z.string(), name: z.exactOptional(z.string()) })),
    }),
  })
  .check(z.describe('A PagerDuty incident event, attributed to catalog services and a team.'));

/** JSON Schema 2020-12. Receivers must let keys pass that they do not know. */
export function incidentEventJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(incidentEventSchema, { io: 'input' });
  return {
    ...schema,
    title: 'Incident event, version 1',
    anyOf: [{ required: ['services'] }, { required: ['team'] }],
  };
}
