import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { subjectOf, subjects } from '../../../lib/flow/subjects/subjects.ts';
import { workDueSubject, workSubject } from '../../../lib/flow/subjects/work-subject.ts';
import { appendEvent } from '../../../lib/store/events/append-event.ts';
import { loggedEvent } from '../../support/webhooks.ts';
import { createFixture, told } from '../freeze/fixture.ts';

describe('the kinds of subject', () => {
  it.each(readdirSync('lib/flow/subjects/kinds'))('a subject in the file %s is in the list', async (file) => {
    const module: object = await import(`../../../lib/flow/subjects/kinds/${file}`);
    const inFile = Object.values(module).filter((value) => typeof value?.kind?.owns === 'function');
    expect(inFile).not.toEqual([]);
    expect(subjects).toEqual(expect.arrayContaining(inFile));
  });

  it('share no key, whatever id from outside it was made of', () => {
    const prefix = fc.constantFrom(
      '',
      'service:',
      'other:',
      'quarantine:',
      'sha256:',
      'deployment:',
      'dora:',
      'echo:',
      'expired:',
    );
    const id = fc.tuple(prefix, fc.string({ unit: 'grapheme' })).map((parts) => parts.join(''));
    fc.assert(
      fc.property(id, fc.nat(subjects.length - 1), (given, index) => {
        const key = subjects[index]?.kind.key(given) ?? '';
        expect(subjects.map(({ kind }) => kind.owns(key))).toEqual(subjects.map((_, at) => at === index));
        expect(subjectOf(key)).toBe(subjects[index]);
      }),
    );
  });
});

describe('an event of a kind this version does not know', () => {
  const subject = 'hologram:H1';
  const logged = loggedEvent(told('Q1', 'incident.triggered', 0), { incidentId: subject });

  it.each([
    ['forward', workSubject],
    ['sweep', workDueSubject],
  ])('stays due, counted as a failure, when %s meets it', async (_who, work) => {
    const fixture = createFixture();
    const { deps } = fixture.bridge();
    await appendEvent(fixture.store, logged, fixture.clock.now());
    await work(deps, { subject, logKeys: [logged.logKey] }, fixture.clock.now() + 50_000);
    const [row] = await fixture.rowsOf('events', subject);
    expect(row).toMatchObject({ failures: 1, body: logged.body });
    expect(Date.parse(String(row?.['due_at']))).toBeGreaterThan(fixture.clock.now());
    expect(
      JSON.stringify(deps.telemetry.lines, (_key, value) => (value instanceof Error ? value.message : value)),
    ).toContain('is of no kind this version knows');
    expect(await fixture.rowsOf('outgoing', subject)).toEqual([]);
  });
});

describe('an event that cannot be processed', () => {
  it('raises the alarm at the fifth failure, and the log names it', async () => {
    const fixture = createFixture();
    const { deps } = fixture.bridge();
    const subject = 'hologram:H2';
    const logged = loggedEvent(told('Q1', 'incident.triggered', 0), { incidentId: subject });
    await appendEvent(fixture.store, logged, fixture.clock.now());
    const wake = { subject, logKeys: [logged.logKey] };
    const stuck = () =>
      deps.telemetry.lines.filter(({ message }) => message.startsWith('processing is stuck'));
    for (let time = 1; time <= 4; time++) await workSubject(deps, wake, fixture.clock.now() + 50_000);
    expect([deps.telemetry.count('ProcessingStuck'), stuck()]).toEqual([0, []]);
    await workSubject(deps, wake, fixture.clock.now() + 50_000);
    expect(deps.telemetry.count('ProcessingStuck')).toBe(1);
    expect(stuck()).toMatchObject([
      { level: 'error', fields: { incident_id: subject, log_keys: [logged.logKey], events: 1, failures: 5 } },
    ]);
    // One that takes the process with it says so before.
    await workDueSubject(deps, wake, fixture.clock.now() + 50_000);
    expect(deps.telemetry.count('ProcessingStuck')).toBe(2);
  });
});
