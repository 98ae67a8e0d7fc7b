import fc from 'fast-check';
import { identify, identifyWithdrawal } from '../../../lib/domain/incident-report/identify.ts';
import { type IncidentReport, readReport } from '../../../lib/domain/incident-report/incident-report.ts';

const started_at = '2026-03-02T09:58:41.250Z';
const report: IncidentReport = {
  source: 'dora_api',
  services: ['checkout-api', 'cart'],
  env: 'live',
  name: 'Baskets stay empty',
  started_at,
  custom_tags: ['region:eu', 'tier:1'],
};
const changed = (changes: Partial<IncidentReport>): IncidentReport => ({ ...report, ...changes });
const id = (changes: Partial<IncidentReport> = {}) => identify(changed(changes)).id;
const { env: _env, ...withoutEnv } = report;

describe('a report without an id', () => {
  it('gets one of 32 hexadecimal digits, the same each time', () => {
    expect(id()).toMatch(/^[0-9a-f]{32}$/);
    expect(id()).toBe(id());
    // Answered already: another id would make a second incident of every repetition after an upgrade.
    expect(id()).toBe('8ceb79be428ef3efee5e6ff9c4c4946b');
  });

  const same: [string, Partial<IncidentReport>][] = [
    ['its end', { finished_at: '2026-03-02T10:31:07.000Z' }],
    ['another moment of the same second', { started_at: '2026-03-02T09:58:41.999Z' }],
    ['its services in another order, and twice', { services: ['cart', 'checkout-api', 'cart'] }],
    ['its services in another case', { services: ['Checkout-API', ' cart'] }],
    ['a team besides', { team: 'payments' }],
    ['another name, severity and tags', { name: 'x', severity: 'SEV-1', custom_tags: [] }],
    ['another source', { source: 'cdevents' }],
  ];
  it.each(same)('is about the same incident with %s', (_what, changes) => expect(id(changes)).toBe(id()));

  const others: [string, Partial<IncidentReport>][] = [
    ['another second', { started_at: '2026-03-02T09:58:42.000Z' }],
    ['another environment', { env: 'staging' }],
    ['one service less', { services: ['cart'] }],
    ['a team instead', { services: [], team: 'cart' }],
    ['an id of its own', { external_id: 'INC-000000000042' }],
  ];
  it.each(others)('is about another incident with %s', (_what, changes) =>
    expect(id(changes)).not.toBe(id()),
  );

  it('is about another incident without an environment, whatever it is called', () => {
    const absent = identify(withoutEnv).id;
    expect([id(), id({ env: 'null' }), id({ env: 'prod' })]).not.toContain(absent);
  });
});

describe('a report with an id', () => {
  it('is about the incident of that id, whatever else it says', () => {
    const external_id = 'INC-000000000042';
    const { subject } = identify(changed({ external_id }));
    expect(subject).toBe(`dora:${external_id}`);
    expect(identify(changed({ external_id, services: ['x'], env: 'y' })).subject).toBe(subject);
  });

  it('reaches what was reported without one when it says the derived id', () => {
    expect(identify(changed({ external_id: id() })).subject).toBe(identify(report).subject);
  });

  it('cannot pass for another subject', () => {
    for (const external_id of ['Q2CKYRLH85UNN4', 'service:PF9KMXH', 'Käse 🧀', 'x'.repeat(500)])
      expect(identify(changed({ external_id })).subject).toMatch(/^dora:/);
  });

  it('is an echo when the id is one of those that go out with PagerDuty’s incidents', () => {
    const echoed = identify(changed({ external_id: 'pagerduty:Q2CKYRLH85UNN4' }));
    expect(echoed.id).toBe('pagerduty:Q2CKYRLH85UNN4');
    expect(echoed.subject).toBe(`echo:${echoed.eventId}`);
  });
});

describe('the event of a report', () => {
  it('happened when the incident began, or when it ended', () => {
    const finished_at = '2026-03-02T10:31:07.000Z';
    expect(identify(report)).toMatchObject({
      eventType: 'incident.triggered',
      occurredAtMs: Date.parse(started_at),
    });
    expect(identify(changed({ finished_at }))).toMatchObject({
      eventType: 'incident.resolved',
      occurredAtMs: Date.parse(finished_at),
    });
  });

  it('happened when it was seen, where its beginning is not told', () => {
    const { started_at: _, ...unbegun } = report;
    const seen_at = '2026-03-02T10:00:00.000Z';
    expect(identify({ ...unbegun, external_id: 'x', seen_at })).toMatchObject({
      eventType: 'incident.triggered',
      occurredAtMs: Date.parse(seen_at),
    });
  });

  it('is the same for the same report and another for a correction', () => {
    const { eventId } = identify(report);
    expect(identify(changed({ services: ['cart', 'checkout-api'] })).eventId).toBe(eventId);
    expect(identify(changed({ custom_tags: ['tier:1', 'region:eu'] })).eventId).toBe(eventId);
    expect(identify(changed({ name: 'Baskets are empty' })).eventId).not.toBe(eventId);
  });

  it('keeps all the report says, in a body that reads back as the same event', () => {
    const texts = fc.string({ minLength: 1, unit: 'grapheme' });
    const reports: fc.Arbitrary<IncidentReport> = fc.record(
      {
        source: texts,
        external_id: texts,
        services: fc.array(texts),
        team: texts,
        env: texts,
        name: texts,
        started_at: fc.constant(started_at),
        finished_at: fc.constant('2026-03-02T10:31:07.000Z'),
        custom_tags: fc.array(texts),
      },
      { requiredKeys: ['source', 'services', 'started_at', 'custom_tags'] },
    );
    fc.assert(
      fc.property(reports, (told) => {
        const identified = identify(told);
        const read = readReport(identified.body);
        expect(read).toEqual({ ...told, services: expect.anything(), custom_tags: expect.anything() });
        expect(identify(read as IncidentReport)).toEqual(identified);
      }),
    );
  });

  it('of a withdrawal is about the incident of that id', () => {
    const { id: external } = identify(report);
    expect(identifyWithdrawal(external, 1_772_447_521_000)).toMatchObject({
      subject: identify(report).subject,
      eventType: 'incident.deleted',
      occurredAtMs: 1_772_447_521_000,
    });
  });
});

describe('the body of a row', () => {
  it.each(['', '[]', '{}', '{"event":{}}', 'not JSON'])('that is no report is not read: %s', (body) =>
    expect(readReport(body)).toBeUndefined(),
  );

  it('may hold what a later version adds', () => {
    const body = JSON.stringify({ ...report, mood: 'bad' });
    expect(readReport(body)).toEqual(report);
  });
});
