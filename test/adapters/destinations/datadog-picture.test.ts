import { DORAFailureRequest } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/models/DORAFailureRequest';
import { ObjectSerializer } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/models/ObjectSerializer';
import type { Memory } from '../../../lib/domain/destination/destination.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/incident-event.ts';
import { after, attributes, body, deleting, keys, methods, plain, rendered } from './datadog-fixture.ts';
import { destinationOf } from './fake-context.ts';
import { expectGolden } from './golden.ts';
import {
  acknowledged,
  annotated,
  changed,
  merged,
  reopened,
  reported,
  resolved,
  samples,
  triggered,
  withdrawn,
  without,
} from './incident-events.ts';

const withTags = destinationOf(
  '{ name: d, type: datadog, api_key: "env:API", tags: ["source:pagerduty"] }',
  keys,
);

describe('a failure at Datadog', () => {
  it.each(Object.entries(samples))('never changes a byte of %s', (name, event) => {
    const isFirst = ['triggered', 'sparse', 'reported'].includes(name);
    const before = name === 'withdrawn' ? reported : triggered;
    const rendering = withTags.render(event, isFirst ? undefined : after(withTags, before));
    // Beside what is sent stands what was taken before, in case nothing is taken any more.
    const sent = (key: string, value: unknown) => (key === 'took' ? undefined : value);
    expectGolden(`datadog.${name}`, `${JSON.stringify(rendering, sent, 2)}\n`);
  });

  it('calls the services what Datadog calls them', () => {
    const match = { ...triggered.match, datadog_services: ['checkout-svc'] };
    expect(attributes(rendered(plain, changed(triggered, { match }))).services).toEqual(['checkout-svc']);
  });

  it('says what DORA metrics need, under an id of its own', () => {
    expect(attributes(rendered(plain, triggered))).toEqual({
      id: 'pagerduty:Q2CKYRLH85UNN4',
      name: triggered.name,
      severity: 'SEV-1',
      env: 'prod',
      services: ['checkout-api'],
      team: 'payments',
      started_at: expect.any(Number),
    });
  });

  it('has times in nanoseconds, exact to the last digit', () => {
    const text = body(rendered(plain, resolved));
    expect(text).toContain('"started_at":1772445521123000000,');
    expect(text).toContain('"finished_at":1772447467007000000');
  });

  it.each(Object.values(samples).map((event) => [event.type, event] as const))(
    'is what the official client knows, nothing more and nothing less: %s',
    (_, event) => {
      const { payload } = rendered(
        withTags,
        event,
        event === merged
          ? after(withTags, triggered)
          : after(withTags, ...(event === withdrawn ? [reported] : [])),
      );
      const model = ObjectSerializer.deserialize(
        JSON.parse(payload.requests.at(-1)?.body ?? ''),
        'DORAFailureRequest',
        '',
      );
      expect(model).toBeInstanceOf(DORAFailureRequest);
      expect(JSON.stringify(model)).not.toMatch(/unparsed|additionalProperties/i);
      expect(ObjectSerializer.serialize(model, 'DORAFailureRequest', '')).toEqual(
        JSON.parse(payload.requests.at(-1)?.body ?? ''),
      );
    },
  );

  it.each([
    ['P1', undefined],
    ['Q2 KYRLH85UNN4', undefined],
    ['Q2CKYRLH85UNN4', 'pagerduty:Q2CKYRLH85UNN4'],
    ['PT4KHLK', 'pagerduty:PT4KHLK'],
    ['x'.repeat(119), undefined],
  ])('has an id only where Datadog takes it: %s', (id, expected) => {
    expect(attributes(rendered(plain, changed(triggered, { incident: { id } }))).id).toBe(expected);
  });

  it.each([
    ['INC-000000000042', 'INC-000000000042'],
    ['INC-42', undefined],
    ['Störung 0000000042', undefined],
  ])('has the id it was reported under where Datadog takes it: %s', (external_id, expected) => {
    expect(attributes(rendered(plain, changed(reported, { incident: { external_id } }))).id).toBe(expected);
  });

  it('says what was reported, commit and version too; a repository alone is none that Datadog takes', () => {
    expect(attributes(rendered(plain, reported))).toMatchObject({
      version: '1.4.2',
      git: { repository_url: 'https://github.com/acme/checkout', commit_sha: expect.any(String) },
      custom_tags: ['region:eu', 'time_to_restore_seconds:1945'],
    });
    const git = { repository_url: 'https://github.com/acme/checkout' };
    expect(attributes(rendered(plain, changed(reported, { incident: { git } })))).not.toHaveProperty('git');
  });

  it('carries the configured tags', () => {
    expect(attributes(rendered(withTags, triggered)).custom_tags).toEqual(['source:pagerduty']);
    expect(attributes(rendered(plain, triggered))).not.toHaveProperty('custom_tags');
  });

  it('gets only event types it is configured for', () => {
    const filtered = destinationOf(
      '{ name: d, type: datadog, api_key: "env:API", events: [incident.resolved] }',
      keys,
    );
    expect(filtered.render(triggered, undefined)).toEqual({ skip: 'filtered' });
  });

  it('wants the newest picture only', () => {
    expect(plain.latestOnly).toBe(true);
  });
});

describe('what was taken back', () => {
  const open = without(reported, 'finished_at');
  const takenBack = without(withdrawn, 'finished_at');

  it('is deleted with an application key, once', () => {
    const deletion = rendered(deleting, takenBack, after(deleting, open));
    expect(deletion.payload.requests).toEqual([
      { method: 'DELETE', path: '/api/v2/dora/failure/INC-000000000042' },
    ]);
    expect(deleting.render(takenBack, after(deleting, open, takenBack))).toEqual({ skip: 'unchanged' });
  });

  it('is ended and tagged without one', () => {
    const rendering = rendered(plain, takenBack, after(plain, open));
    expect(methods(rendering)).toEqual(['POST']);
    expect(attributes(rendering).custom_tags).toContain('withdrawn:true');
    expect(body(rendering)).toContain(`"finished_at":${Date.parse('2026-03-02T12:00:00.000Z')}000000`);
  });

  it('is not sent at all where nothing was sent before', () => {
    expect(deleting.render(withdrawn, undefined)).toEqual({ skip: 'withdrawn_before_sent' });
  });
});

describe('the picture Datadog has', () => {
  it('is sent again only when it would change', () => {
    const memory = after(plain, triggered);
    expect(plain.render(acknowledged, memory)).toEqual({ skip: 'unchanged' });
    expect(plain.render(annotated, memory)).toEqual({ skip: 'unchanged' });
  });

  it.each<[string, IncidentEvent, object]>([
    ['ended', resolved, { finished_at: expect.any(Number) }],
    ['got another severity', changed(triggered, { severity: 'SEV-2' }), { severity: 'SEV-2' }],
    ['got another name', changed(triggered, { name: 'Checkout is down' }), { name: 'Checkout is down' }],
  ])('changes when the incident %s', (_, event, expected) => {
    expect(attributes(rendered(plain, event, after(plain, triggered)))).toMatchObject(expected);
  });

  it('is uncertain while an attempt is under way, so that going back to the old one is sent too', () => {
    const during = rendered(plain, changed(triggered, { severity: 'SEV-2' }), after(plain, triggered)).memory;
    expect(during).toEqual({ identity: expect.anything() });
    expect(attributes(rendered(plain, acknowledged, during)).severity).toBe('SEV-1');
  });

  it.each<[string, Partial<IncidentEvent>]>([
    ['environment', { env: 'staging' }],
    ['services', { services: ['cart'] }],
    ['team', { team: 'web' }],
    ['start', { started_at: '2026-03-02T09:00:00.000Z' }],
  ])('keeps the identity already sent when the %s changes', (_, change) => {
    const rendering = rendered(plain, changed(resolved, change), after(plain, triggered));
    const { finished_at, ...identity } = attributes(rendering);
    expect(finished_at).toBeDefined();
    expect(identity).toEqual(attributes(rendered(plain, triggered)));
    expect(methods(rendering)).toEqual(['POST']);
  });

  it('says that it kept the identity where nothing else would be told', () => {
    const moved = changed(acknowledged, { team: 'platform' });
    expect(plain.render(moved, after(plain, triggered))).toEqual({ skip: 'identity_kept' });
  });

  it('keeps an identity from before the first attempt, which may have been accepted unnoticed', () => {
    const during = rendered(plain, triggered).memory;
    expect(attributes(rendered(plain, changed(triggered, { env: 'staging' }), during)).env).toBe('prod');
  });

  it('does not change with the order of services', () => {
    const two = changed(triggered, { services: ['b', 'a'] });
    const memory = after(deleting, two);
    expect(deleting.render(changed(two, { services: ['a', 'b'] }), memory)).toEqual({ skip: 'unchanged' });
  });

  it('keeps no environment if it was sent with none', () => {
    const memory = after(plain, without(triggered, 'env'));
    expect(attributes(rendered(plain, resolved, memory))).not.toHaveProperty('env');
  });

  it('loses its end when the incident is reopened', () => {
    const rendering = rendered(plain, reopened, after(plain, triggered, resolved));
    expect(methods(rendering)).toEqual(['POST']);
    expect(attributes(rendering)).not.toHaveProperty('finished_at');
  });
});

describe('with an application key', () => {
  const moved = changed(acknowledged, { services: ['cart'] });

  it('a changed identity replaces the failure: the old one is deleted first', () => {
    const rendering = rendered(deleting, moved, after(deleting, triggered));
    expect(rendering.payload.requests).toEqual([
      { method: 'DELETE', path: '/api/v2/dora/failure/pagerduty:Q2CKYRLH85UNN4' },
      { method: 'POST', path: '/api/v2/dora/failure', body: expect.stringContaining('"services":["cart"]') },
    ]);
  });

  it('and the deletion is not forgotten when the replacement fails half-way', () => {
    const during = rendered(deleting, moved, after(deleting, triggered)).memory;
    expect(methods(rendered(deleting, moved, during))).toEqual(['DELETE', 'POST']);
    expect(methods(rendered(deleting, changed(resolved, { services: ['cart'] }), during))).toEqual([
      'DELETE',
      'POST',
    ]);
  });

  it('and once it is done, the next picture is simply sent', () => {
    const memory = after(deleting, triggered, moved);
    expect(methods(rendered(deleting, changed(resolved, { services: ['cart'] }), memory))).toEqual(['POST']);
  });

  it('a reopened incident is deleted and sent anew, since an API that merges might keep the end', () => {
    expect(methods(rendered(deleting, reopened, after(deleting, triggered, resolved)))).toEqual([
      'DELETE',
      'POST',
    ]);
  });

  it('also when it is not certain that the end was accepted', () => {
    const during = rendered(deleting, resolved, after(deleting, triggered)).memory;
    expect(methods(rendered(deleting, reopened, during))).toEqual(['DELETE', 'POST']);
  });

  it('a merged incident is deleted, once', () => {
    const rendering = rendered(deleting, merged, after(deleting, triggered));
    expect(methods(rendering)).toEqual(['DELETE']);
    expect(deleting.render(merged, rendering.memoryAfter)).toEqual({ skip: 'unchanged' });
  });

  it('and comes back if it turns out not to be merged', () => {
    expect(methods(rendered(deleting, resolved, after(deleting, triggered, merged)))).toEqual(['POST']);
  });
});

describe('the active time at Datadog', () => {
  /** As events are rendered since they name their source. */
  const told = (event: IncidentEvent, incident: Partial<IncidentEvent['incident']> = {}) =>
    changed(event, { source: 'pagerduty', incident });
  const tags = (event: IncidentEvent) => attributes(rendered(plain, event)).custom_tags;

  it.each<[string, IncidentEvent, string[] | undefined]>([
    ['a start has none', told(triggered), undefined],
    ['an end has the active time', told(resolved), ['time_to_restore_seconds:1945']],
    [
      'two periods have theirs together, and how many they are',
      told(resolved, { reopen_count: 1, time_to_restore_seconds: 2400 }),
      ['time_to_restore_seconds:2400', 'reopen_count:1'],
    ],
    [
      'an end nobody saw has a mark instead of a number',
      told(without(resolved, 'incident'), {
        ...resolved.incident,
        time_to_restore_seconds: undefined as never,
        inferred: ['finished_at', 'time_to_restore_seconds'],
      }),
      ['inferred:finished_at', 'inferred:time_to_restore_seconds'],
    ],
    ['an event frozen before there were sources has what it had', resolved, undefined],
  ])('%s', (_, event, expected) => {
    expect(tags(event)).toEqual(expected);
  });

  it('stays within the 100 tags Datadog takes', () => {
    const many = destinationOf(
      `{ name: d, type: datadog, api_key: "env:API", tags: [${Array.from({ length: 99 }, (_, n) => `"k:${n}"`).join()}] }`,
      keys,
    );
    const sent = attributes(rendered(many, told(resolved, { reopen_count: 2 }))).custom_tags;
    expect(sent).toHaveLength(100);
    expect(sent.slice(-2)).toEqual(['time_to_restore_seconds:1945', 'reopen_count:2']);
  });

  it('loses a severity that was taken away: deleted and sent anew with an application key', () => {
    const none = without(told(acknowledged), 'severity');
    expect(methods(rendered(deleting, none, after(deleting, told(triggered))))).toEqual(['DELETE', 'POST']);
    expect(attributes(rendered(deleting, none, after(deleting, told(triggered))))).not.toHaveProperty(
      'severity',
    );
    expect(methods(rendered(plain, none, after(plain, told(triggered))))).toEqual(['POST']);
  });
});

describe('two incidents of one service in one second', () => {
  const start = (id: string, ms: string) =>
    changed(triggered, {
      source: 'pagerduty',
      started_at: '2026-06-01T10:00:00.000Z',
      incident: { id, triggered_at: `2026-06-01T10:00:00.${ms}Z` },
    });
  const startOf = (event: IncidentEvent, memory?: Memory) =>
    /"started_at":(\d+)/.exec(body(rendered(deleting, event, memory)))?.[1];

  it('are told apart by the milliseconds of their triggering events', () => {
    expect(startOf(start('Q0FIRST', '100'))).toBe('1780308000100000000');
    expect(startOf(start('Q0SECOND', '700'))).toBe('1780308000700000000');
  });

  it('and keep the start they were sent with first, whichever event comes later', () => {
    const late = start('Q0FIRST', '100');
    const { triggered_at: _, ...incident } = late.incident;
    const unknown = { ...late, incident };
    const memory = after(deleting, unknown);
    expect(startOf(unknown)).toBe('1780308000000000000');
    expect(startOf(changed(late, { name: 'New name' }), memory)).toBe('1780308000000000000');
    expect(methods(rendered(deleting, changed(late, { name: 'New name' }), memory))).toEqual(['POST']);
  });
});

describe('a merged incident', () => {
  it('is ended and says where it went when it cannot be deleted', () => {
    expect(attributes(rendered(withTags, merged, after(withTags, triggered)))).toMatchObject({
      finished_at: expect.any(Number),
      custom_tags: ['source:pagerduty', 'merged_into:Q0THER00000001'],
    });
  });

  it.each([
    ['with', deleting],
    ['without', plain],
  ])('never becomes a failure if Datadog has not heard of it, %s an application key', (_, destination) => {
    expect(destination.render(merged, undefined)).toEqual({ skip: 'merged_before_sent' });
  });
});
