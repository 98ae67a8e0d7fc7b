import * as z from 'zod/mini';

const time = (what: string) =>
  z
    .string()
    .check(
      z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      z.describe(`${what} ISO 8601, UTC, milliseconds.`),
    );
const text = (what: string) => z.string().check(z.describe(what));

/** The published form of the deployment event, version 1. A test holds it to the type `DeploymentEvent`. Never loosened within a version. */
export const deploymentEventSchema = z
  .object({
    version: z.literal('1'),
    id: text('Every attempt to deliver this event carries the same id and the same bytes.'),
    sequence: z
      .int()
      .check(
        z.positive(),
        z.describe('Position among the events of this deployment, from 1, in the order of sending.'),
      ),
    type: z
      .enum(['deployment.finished', 'deployment.changed'])
      .check(z.describe('That it is over, or that what is known of it has changed since.')),
    occurred_at: time('When it finished; of a change, when it was noticed.'),
    services: z.array(z.string()).check(z.length(1), z.describe('The service that was deployed.')),
    team: z.exactOptional(text('Its team, as told, else its owner in the catalog.')),
    env: z.exactOptional(text('Environment.')),
    started_at: z.exactOptional(time('When it began; absent where only its finish was told.')),
    finished_at: time('When it was over.'),
    deployment: z.object({
      id: text('Its id, the same in every event of it.'),
      external_id: z.exactOptional(text('Its id as it was given, where that cannot be its id everywhere.')),
      version: z.exactOptional(z.string()),
      status: z.enum(['succeeded', 'failed']),
      kind: z
        .enum(['standard', 'rollback', 'rollforward'])
        .check(
          z.describe(
            'rollback: back to what was deployed there before; rollforward: told to have put a failed one right.',
          ),
        ),
      change_failure: z.exactOptional(
        z.boolean().check(z.describe('Whether it caused a failure; absent while it is not judged.')),
      ),
      remediation: z.exactOptional(
        z
          .object({
            id: z.string(),
            type: z.enum(['rollback', 'rollforward']),
            version: z.exactOptional(z.string()),
          })
          .check(z.describe('The deployment that put it right.')),
      ),
      git: z.exactOptional(
        z.object({
          commit_sha: z.exactOptional(z.string()),
          repository_id: z.exactOptional(text('Host and path, as in github.com/acme/shop.')),
          repository_url: z.exactOptional(z.string()),
        }),
      ),
      sources: z
        .array(z.string())
        .check(z.minLength(1), z.describe('Who has told of it, first heard first.')),
      custom_tags: z.exactOptional(z.array(z.string()).check(z.minLength(1))),
      same_as: z.exactOptional(
        text(
          'It has turned out to be this one, told by another source, after both had been sent: count one.',
        ),
      ),
      datadog_service: z.exactOptional(
        text('What Datadog calls the service; absent where that is the same.'),
      ),
      datadog_team: z.exactOptional(text("Datadog's handle of the team; absent where that is its name.")),
      deleted: z.exactOptional(
        z.literal(true).check(z.describe('Who reported it has taken it back: count it no more.')),
      ),
      detected_by: z.exactOptional(
        text(
          'The destination whose Datadog has detected it by itself, and knows it by external_id, or else by id.',
        ),
      ),
    }),
  })
  .check(z.describe('A deployment of a catalog service.'));

/** JSON Schema 2020-12. Receivers must let keys pass that they do not know. */
export function deploymentEventJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(deploymentEventSchema, { io: 'input' });
  return { ...schema, title: 'Deployment event, version 1' };
}
