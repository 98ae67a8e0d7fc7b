import { type MetricName, metricNamespace, metricUnits } from '../../metric-names.ts';
import type { Clock, LogFields, Telemetry } from '../../ports.ts';
import { redact } from './redact.ts';

export interface TelemetryOptions {
  /** Takes one line without its newline. On Lambda: straight to standard output, where CloudWatch reads JSON. */
  write(line: string): void;
  /** The deployment that speaks, e.g. `pagerduty-bridge-prod`: the one dimension every metric has. */
  service: string;
  clock: Pick<Clock, 'now'>;
  /** In every log line: the function, its version, … */
  fields?: LogFields;
}

type Level = 'INFO' | 'WARN' | 'ERROR';

/**
 * Logs as one JSON object a line, and metrics in CloudWatch's embedded metric format, so that a metric costs a
 * line and no call. Nothing in here throws: telemetry must never fail a webhook.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createTelemetry({ write, service, clock, fields = {} }: TelemetryOptions): Telemetry {
  const line = (record: () => Record<string, unknown>): void => {
    try {
      write(JSON.stringify(record()));
    } catch (cause) {
      write(
        JSON.stringify({ level: 'ERROR', message: 'a log line could not be written', why: String(cause) }),
      );
    }
  };

  const log = (level: Level, message: string, more: LogFields = {}): void =>
    line(() => {
      const safe = redact({ ...fields, ...more }) as LogFields;
      const text = redact(message);
      return { timestamp: new Date(clock.now()).toISOString(), level, message: text, service, ...safe };
    });

  return {
    info: (message, more) => log('INFO', message, more),
    warn: (message, more) => log('WARN', message, more),
    error: (message, more) => log('ERROR', message, more),
    metric(name, value, destination) {
      if (Number.isFinite(value)) line(() => embedded(name, value, destination));
    },
  };

  /** With a destination the value counts twice: for the whole deployment (alarms) and for that destination. */
  function embedded(name: MetricName, value: number, destination: string | undefined): LogFields {
    const byDestination = destination === undefined ? [] : [['service', 'destination']];
    return {
      _aws: {
        Timestamp: clock.now(),
        CloudWatchMetrics: [
          {
            Namespace: metricNamespace,
            Dimensions: [['service'], ...byDestination],
            Metrics: [{ Name: name, Unit: metricUnits[name] }],
          },
        ],
      },
      service,
      ...(destination === undefined ? {} : { destination }),
      [name]: value,
    };
  }
}
