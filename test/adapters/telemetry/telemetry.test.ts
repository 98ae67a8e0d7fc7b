import { createTelemetry } from '../../../lib/adapters/telemetry/telemetry.ts';

const at = Date.parse('2026-03-02T10:31:07.000Z');

function recorder(fields: Record<string, unknown> = {}) {
  const lines: string[] = [];
  const telemetry = createTelemetry({
    write: (line) => lines.push(line),
    service: 'pagerduty-bridge-test',
    clock: { now: () => at },
    fields,
  });
  return { telemetry, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

describe('a log line', () => {
  it('is one JSON object with level, time, service, base fields and correlation', () => {
    const { telemetry, lines, last } = recorder({ function: 'receive' });
    telemetry.info('webhook accepted', { event_id: '01DEN', incident_id: 'Q2CK' });
    expect(lines[0]).not.toContain('\n');
    expect(last()).toEqual({
      timestamp: '2026-03-02T10:31:07.000Z',
      level: 'INFO',
      message: 'webhook accepted',
      service: 'pagerduty-bridge-test',
      function: 'receive',
      event_id: '01DEN',
      incident_id: 'Q2CK',
    });
  });

  it.each(['info', 'warn', 'error'] as const)('carries its level: %s', (level) => {
    const { telemetry, last } = recorder();
    telemetry[level]('x');
    expect(last().level).toBe(level.toUpperCase());
  });

  it('keeps an error with its code, its stack and its cause', () => {
    const { telemetry, last } = recorder();
    const cause = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    telemetry.error('failed', { error: new Error('put failed', { cause }) });
    expect(last().error).toMatchObject({
      name: 'Error',
      message: 'put failed',
      stack: expect.stringContaining('telemetry.test'),
      cause: { message: 'socket hang up', code: 'ECONNRESET' },
    });
  });

  it('is written even if a field cannot be turned into JSON', () => {
    const { telemetry, lines } = recorder();
    const circular: Record<string, unknown> = { n: 1n, f: () => 0, when: new Date(Number.NaN) };
    circular['self'] = circular;
    expect(() => telemetry.warn('odd', { circular })).not.toThrow();
    expect(() =>
      telemetry.warn('odder', {
        get boom() {
          throw new Error('no');
        },
      }),
    ).not.toThrow();
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  });
});

describe('a metric', () => {
  it('has the service as its only dimension', () => {
    const { telemetry, last } = recorder();
    telemetry.metric('WebhooksReceived', 1);
    expect(last()).toEqual({
      _aws: {
        Timestamp: at,
        CloudWatchMetrics: [
          {
            Namespace: 'PagerDutyBridge',
            Dimensions: [['service']],
            Metrics: [{ Name: 'WebhooksReceived', Unit: 'Count' }],
          },
        ],
      },
      service: 'pagerduty-bridge-test',
      WebhooksReceived: 1,
    });
  });

  it('counts for the deployment and for the destination it names', () => {
    const { telemetry, last } = recorder();
    telemetry.metric('DeliveryLatency', 1234, 'datadog');
    expect(last()).toMatchObject({ destination: 'datadog', DeliveryLatency: 1234 });
    expect(last()._aws.CloudWatchMetrics[0].Dimensions).toEqual([['service'], ['service', 'destination']]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'that is %p is left out, CloudWatch would drop it',
    (value) => {
      const { telemetry, lines } = recorder();
      telemetry.metric('OldestOwedAge', value);
      expect(lines).toEqual([]);
    },
  );
});
