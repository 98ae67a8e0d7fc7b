import type { Destination, SendResult } from '../../../domain/destination/destination.ts';
import type { DestinationConfig } from '../destination-config.ts';
import { type EventPayload, renderEvent } from '../event-payload.ts';
import { formatNamed } from '../formats/formats.ts';
import type { AwsCall } from './aws-clients.ts';
import { judgeAwsFault } from './judge-aws.ts';

/** One message or entry may be this large, attributes included. */
const mostBytes = 256 * 1024;

const defaultTimeoutSeconds = 10;

interface Operation<Input, Output> {
  /** Loads the client; called once, at the first send. */
  connect(): Promise<AwsCall<Input, Output>>;
  input(payload: EventPayload): Input;
  /** What counts against the limit. */
  countedTexts(input: Input): (string | undefined)[];
  /** What an answer means that is not an exception. */
  judge(output: Output): SendResult;
}

interface AwsDestinationConfig extends DestinationConfig {
  format?: string | undefined;
  timeout_seconds?: number | undefined;
}

/** What EventBridge, SQS and SNS have in common: one event, one call, faults as codes. */
export function awsDestination<Input, Output>(
  config: DestinationConfig,
  operation: Operation<Input, Output>,
): Destination {
  const { name, type, events, format: formatName, timeout_seconds } = config as AwsDestinationConfig;
  const format = formatNamed(formatName);
  const timeoutMs = (timeout_seconds ?? defaultTimeoutSeconds) * 1000;
  let connected: Promise<AwsCall<Input, Output>> | undefined;
  const connect = () => {
    connected ??= operation.connect().catch((error: unknown) => {
      connected = undefined;
      throw error;
    });
    return connected;
  };

  return {
    name,
    type,
    latestOnly: false,
    timeoutMs,
    render: (event) => renderEvent(event, format, events),
    async send(payload) {
      const input = operation.input(payload as EventPayload);
      const size = operation
        .countedTexts(input)
        .reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);
      if (size > mostBytes)
        return { outcome: 'refused', error: `${size} bytes are more than AWS takes (${mostBytes})` };
      try {
        const call = await connect();
        const signal = AbortSignal.timeout(timeoutMs);
        return operation.judge(await Promise.race([call(input, signal), aborted(signal)]));
      } catch (fault) {
        return judgeAwsFault(fault);
      }
    },
  };
}

/** Rejects when the time is over, also where the SDK never comes back, as after an answer 101. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
