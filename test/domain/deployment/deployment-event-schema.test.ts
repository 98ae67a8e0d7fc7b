import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import type * as z from 'zod/mini';
import type { DeploymentEvent } from '../../../lib/domain/deployment/deployment-event.ts';
import {
  deploymentEventJsonSchema,
  type deploymentEventSchema,
} from '../../../lib/domain/deployment/deployment-event-schema.ts';
import { changed, finished } from '../../adapters/destinations/deployment-events.ts';

/** Does not compile once the schema and the type differ. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const same: Same<z.infer<typeof deploymentEventSchema>, DeploymentEvent> = true;

describe('the JSON Schema of the deployment event', () => {
  const schema = deploymentEventJsonSchema();
  const validate = new Ajv2020({ strict: false }).compile(schema);

  it('is published as it is generated; `npm run schemas` writes it anew', () => {
    const file = 'lib/domain/deployment/deployment-event.schema.json';
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema);
    expect(same).toBe(true);
  });

  it('lets receivers meet keys that a later release may add', () => {
    expect(validate({ ...changed, new_fact: 1 })).toBe(true);
  });

  it.each<[string, object]>([
    ['another version', { version: '2' }],
    ['no service', { services: [] }],
    ['two services', { services: ['a', 'b'] }],
    ['no finish', { finished_at: undefined }],
    ['another type', { type: 'deployment.started' }],
    ['a time without milliseconds', { started_at: '2026-03-02T10:00:00Z' }],
    ['a status that is none', { deployment: { ...finished.deployment, status: 'in_progress' } }],
    ['nobody who told of it', { deployment: { ...finished.deployment, sources: [] } }],
  ])('refuses %s', (_what, change) => {
    expect(validate(JSON.parse(JSON.stringify({ ...finished, ...change })))).toBe(false);
  });
});
