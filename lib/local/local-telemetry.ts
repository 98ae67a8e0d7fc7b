import { redact } from '../adapters/telemetry/redact.ts';
import type { Clock, LogFields, Telemetry } from '../ports.ts';

export interface LocalTelemetryOptions {
  write(line: string): void;
  clock: Pick<Clock, 'now'>;
}

/**
 * The log as a person in front of a laptop wants it: a short line for what happens to an event, and for every
 * warning and error. Metrics and routine reports are for dashboards and stay silent here.
 */
export function createLocalTelemetry({ write, clock }: LocalTelemetryOptions): Telemetry {
  const line = (label: string, message: string, fields: LogFields) => {
    const safe = redact(fields) as LogFields;
    const time = new Date(clock.now()).toISOString().slice(11, 19);
    const details = Object.entries(safe).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${show(value)}`],
    );
    write([time, `${label}${redact(message)}`, ...details].join('  '));
  };
  return {
    info: (message, fields = {}) => {
      if (fields['event_id'] !== undefined || fields['incident_id'] !== undefined) line('', message, fields);
    },
    warn: (message, fields = {}) => line('WARNING ', message, fields),
    error: (message, fields = {}) => line('ERROR ', message, fields),
    metric: () => {},
  };
}

function show(value: unknown): string {
  if (typeof value === 'string') return /[\s"=]/.test(value) ? JSON.stringify(value) : value;
  const { message, cause } = (value ?? {}) as { message?: unknown; cause?: { message?: unknown } };
  if (typeof message !== 'string') return JSON.stringify(value) ?? 'undefined';
  return JSON.stringify(cause?.message === undefined ? message : `${message} (${cause.message})`);
}
