import * as z from 'zod';
import { kindConfigs } from '../../../lib/adapters/destinations/kind-configs.ts';
import type { KindName } from '../../../lib/adapters/destinations/kinds.ts';
import { finished } from './deployment-events.ts';
import { destinationOf, payloadOf } from './fake-context.ts';
import { annotated, triggered } from './incident-events.ts';

/** What each type needs beside name and type. A new type does not compile without its row. */
const smallest: Record<KindName, string> = {
  console: '',
  webhook: 'url: "http://127.0.0.1:9/hook"',
  datadog: 'api_key: "env:KEY"',
  pagerduty_change: 'routing_key: "env:KEY"',
  eventbridge: '',
  sqs: 'queue_url: "https://sqs.eu-central-1.amazonaws.com/123456789012/incidents"',
  sns: 'topic_arn: "arn:aws:sns:eu-central-1:123456789012:incidents"',
};

const made = (type: string, more = '') =>
  destinationOf(
    `{ name: d, type: ${type}, ${[smallest[type as KindName], more].filter(Boolean).join(', ')} }`,
  );

describe.each(kindConfigs.map((config) => [config.type, config] as const))('the type %s', (type, config) => {
  it('is made from the least it needs, under its own name and type', () => {
    const { name, type: own, timeoutMs } = made(type);
    expect({ name, type: own }).toEqual({ name: 'd', type });
    expect(timeoutMs).toBeGreaterThan(0);
    expect(timeoutMs).toBeLessThanOrEqual(30_000);
  });

  it('refuses a key it does not know', () => {
    expect(() => made(type, 'colour: red')).toThrow('unknown key');
  });

  it('gives a payload that the database can keep, and skips what `events` leaves out', () => {
    const example = made(type).takes?.incidents === false ? finished : triggered;
    const rendering = made(type).render(example, undefined);
    if ('skip' in rendering) throw new Error(rendering.skip);
    expect(payloadOf(made(type), example)).toEqual(rendering.payload);
    const filtered = { skip: 'filtered' };
    expect(made(type, 'events: [incident.triggered]').render(annotated, undefined)).toEqual(filtered);
    expect(made(type, 'events: [incident.triggered]').render(finished, undefined)).toEqual(filtered);
  });

  // A deploy gives the right to read the secrets that are listed and refuses loopback where a URL is listed.
  it.each([
    ['secrets', config.secretKeys, 'env:A_NAME'],
    ['URLs', config.urlKeys, 'http://127.0.0.1:9/'],
  ])('lists all keys that hold %s, and no others', (_, listed, example) => {
    const takes = (schema: z.ZodType, value: string) => schema.safeParse(value).success;
    const holding = Object.entries(config.schema.shape)
      .filter(([, schema]) => schema instanceof z.ZodType)
      .filter(([, schema]) => takes(schema, example) && !takes(schema, '- anything else -'))
      .map(([key]) => key);
    expect([...listed].sort()).toEqual(holding.sort());
  });
});
