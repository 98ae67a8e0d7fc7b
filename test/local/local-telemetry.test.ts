import { createLocalTelemetry } from '../../lib/local/local-telemetry.ts';

function logged(log: (telemetry: ReturnType<typeof createLocalTelemetry>) => void): string[] {
  const lines: string[] = [];
  log(
    createLocalTelemetry({
      write: (line) => lines.push(line),
      clock: { now: () => Date.UTC(2026, 2, 2, 10, 31, 7) },
    }),
  );
  return lines;
}

describe('the log on a laptop', () => {
  it('says in a line what happens to an event', () => {
    expect(logged((log) => log.info('webhook accepted', { event_id: 'E1', incident_id: 'Q 1' }))).toEqual([
      '10:31:07  webhook accepted  event_id=E1  incident_id="Q 1"',
    ]);
  });

  it('stays silent about metrics and routine', () => {
    const lines = logged((log) => {
      log.metric('SweepHeartbeat', 1);
      log.info('sweep done', { incidents: 0 });
    });
    expect(lines).toEqual([]);
  });

  it('says every warning and error, with what caused it', () => {
    const error = new Error('no answer', { cause: new Error('ECONNREFUSED') });
    const lines = logged((log) => {
      log.warn('slow');
      log.error('sweep failed', { error });
    });
    expect(lines).toEqual([
      '10:31:07  WARNING slow',
      '10:31:07  ERROR sweep failed  error="no answer (ECONNREFUSED)"',
    ]);
  });

  it('keeps each entry on its line, and secrets out of it', () => {
    const signature = `v1=${'a1'.repeat(32)}`;
    const [line] = logged((log) => log.warn(`got ${signature}`, { signing_secret: 'canary', text: 'a\nb' }));
    expect(line).not.toMatch(/canary|a1a1|\n/);
  });
});
