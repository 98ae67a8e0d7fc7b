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

const reference = z.object({ id: z.string(), name: z.exactOptional(z.string()) });

/** The published form of the incident event, version 1. A test holds it to the type `IncidentEvent`. Never loosened within a version. */
export const incidentEventSchema = z
  .object({
    version: z.literal('1'),
    id: text(
      'The PagerDuty event id, or one derived from what was reported. Every attempt to deliver this event carries the same id and the same bytes.',
    ),
    sequence: z
      .int()
      .check(
        z.positive(),
        z.describe('Position among the events of this incident, from 1, in the order of sending.'),
      ),
    type: text(
      'The PagerDuty event type; of reported incidents incident.triggered, .updated, .resolved or .deleted. New ones may appear at any time.',
    ),
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
    severity: z.exactOptional(
      text('Name of the PagerDuty priority, possibly translated by configuration; or as reported.'),
    ),
    name: z.exactOptional(text('Title of the incident.')),
    started_at: time('Start of the incident.'),
    finished_at: z.exactOptional(time('The resolve in force; absent while the incident is open.')),
    source: z.exactOptional(
      text('Where the incident was told; absent on events frozen before there was this key.'),
    ),
    imported: z.exactOptional(
      z
        .literal(true)
        .check(z.describe('It is of the past and was read from PagerDuty afterwards, by an import.')),
    ),
    what: z.exactOptional(text('What happened and what it changed, in one sentence.')),
    by: z
      .exactOptional(
        z.object({
          id: z.string(),
          name: z.exactOptional(z.string()),
          type: z.enum(['person', 'integration']),
        }),
      )
      .check(z.describe('Who or what did it, as far as PagerDuty says.')),
    detail: z.exactOptional(
      z
        .record(z.string(), z.unknown())
        .check(
          z.describe(
            'The object an event is about that only refers to its incident (a note, a status update, a responder, a role, a task, a workflow, an action), as PagerDuty sends it, at most 8 KB; `cut` lists what was cut.',
          ),
        ),
    ),
    incident: z.object({
      id: text('The PagerDuty incident id; of reported incidents the key they have in the tables.'),
      number: z.exactOptional(z.int()),
      url: z.exactOptional(z.string()),
      status: z.enum(['triggered', 'acknowledged', 'resolved']),
      urgency: z.exactOptional(z.string()),
      priority: z.exactOptional(z.string()),
      triggered_at: z.exactOptional(
        time('When the incident.triggered event says it happened; absent while that was not seen.'),
      ),
      acknowledged_at: z.exactOptional(time('First acknowledgement.')),
      time_to_acknowledge_seconds: z.exactOptional(
        count('Active time from the start to the first acknowledgement; left out where it would be a guess.'),
      ),
      time_to_restore_seconds: z.exactOptional(
        count(
          'Sum of the active periods; only while the incident is resolved and not merged, and left out where it would be a guess.',
        ),
      ),
      reopen_count: count('How often it was reopened.'),
      merged_into: z
        .nullable(z.string())
        .check(z.describe('The incident this one went on as; such an incident is no failure of its own.')),
      inferred: z.exactOptional(
        z
          .array(z.string())
          .check(
            z.minLength(1),
            z.describe(
              'Names of facts that were concluded instead of seen, because events were missed: what is given is a bound, what would be a guess is left out. Absent when all is exact.',
            ),
          ),
      ),
      type: z.exactOptional(text('Incident type.')),
      key: z.exactOptional(text('Deduplication key of the alert or API call it came from.')),
      assignees: z.exactOptional(z.array(reference)),
      escalation_policy: z.exactOptional(reference),
      client: z
        .exactOptional(z.object({ name: z.exactOptional(z.string()), url: z.exactOptional(z.string()) }))
        .check(z.describe('The program it came from.')),
      conference_bridge: z.exactOptional(
        z.object({ number: z.exactOptional(z.string()), url: z.exactOptional(z.string()) }),
      ),
      custom_fields: z
        .record(z.string(), z.unknown())
        .check(z.describe('Custom fields that have a value, by name.')),
      external_id: z.exactOptional(
        text('The id under which another program reported it, or the one its report was answered with.'),
      ),
      version: z.exactOptional(text('Version of the services, as reported.')),
      git: z
        .exactOptional(
          z.object({
            commit_sha: z.exactOptional(z.string()),
            repository_id: z.exactOptional(z.string()),
            repository_url: z.exactOptional(z.string()),
          }),
        )
        .check(z.describe('The commit the services ran, as reported.')),
      custom_tags: z.exactOptional(
        z.array(z.string()).check(z.minLength(1), z.describe('Tags of the report, as key:value.')),
      ),
      withdrawn_at: z.exactOptional(
        time('When who reported it took it back; such an incident is no failure.'),
      ),
    }),
    match: z.object({
      rule: z
        .enum([...ruleNames, 'given', 'none'])
        .check(
          z.describe(
            'What attributed the incident; `given`: who reported it named services or team; `none`: the PagerDuty names as they are.',
          ),
        ),
      explanation: text('The reason in one sentence.'),
      datadog_services: z.exactOptional(
        z
          .array(z.string())
          .check(
            z.describe('What Datadog calls the services, in their order; absent where that is the same.'),
          ),
      ),
      datadog_team: z.exactOptional(text("Datadog's handle of the team; absent where that is its name.")),
    }),
    cause: z
      .exactOptional(
        z.object({
          deployment_id: z.string(),
          version: z.exactOptional(z.string()),
          commit_sha: z.exactOptional(z.string()),
          finished_at: z.exactOptional(time('When the deployment was finished.')),
          rule: z
            .enum(['person', 'commit', 'version', 'deployment_id', 'time'])
            .check(
              z.describe(
                'What laid the incident to it: a person; the commit, version or deployment that the incident names; or its time.',
              ),
            ),
          explanation: z.exactOptional(text('The reason in one sentence.')),
        }),
      )
      .check(
        z.describe(
          'The deployment that caused the incident, as was known when the event was frozen; judged again whenever more is known.',
        ),
      ),
    pagerduty: z
      .exactOptional(
        z.object({
          service: z.object({
            id: z.string(),
            name: z.exactOptional(z.string()),
            url: z.exactOptional(z.string()),
          }),
          teams: z.array(z.object({ id: z.string(), name: z.exactOptional(z.string()) })),
        }),
      )
      .check(z.describe('Where the incident is in PagerDuty; absent where another program reported it.')),
  })
  .check(z.describe('An incident event, attributed to catalog services and a team.'));

/** JSON Schema 2020-12. Receivers must let keys pass that they do not know. */
export function incidentEventJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(incidentEventSchema, { io: 'input' });
  return {
    ...schema,
    title: 'Incident event, version 1',
    anyOf: [{ required: ['services'] }, { required: ['team'] }],
  };
}
