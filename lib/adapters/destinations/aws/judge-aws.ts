import type { SendResult } from '../../../domain/destination/destination.ts';
import { cut } from '../../../domain/text/cut.ts';

/**
 * The codes that mean this message will never be accepted. AWS answers 400 to nearly everything, throttling and
 * missing permissions included, so the code decides; one that is not listed is worth another try.
 */
const refusals = new Set([
  'InvalidArgument',
  'InvalidAttributeValue',
  'InvalidMessageContents',
  'InvalidParameter',
  'InvalidParameterException',
  'InvalidParameterValue',
  'InvalidParameterValueException',
  'MalformedDetail',
  'MessageTooLong',
  'UnsupportedOperation',
  'ValidationError',
  'ValidationException',
]);

/** These quote the request that was signed, session token included. */
const quotesTheRequest = /signature/i;

const keptOfMessage = 200;

/** What a code means, wherever it stands: in an exception or, with PutEvents, in a successful answer. */
export function judgeCode(
  code: string,
  message: string | undefined,
  statusCode: number | undefined,
): SendResult {
  const detail = quotesTheRequest.test(code) || !message ? '' : `: ${cut(message, keptOfMessage)}`;
  return {
    outcome: refusals.has(code) ? 'refused' : 'retry',
    error: `${code}${detail}`,
    ...(statusCode === undefined ? {} : { statusCode }),
  };
}

/** SDK exceptions have a name, a message and, if there was an answer, its status. */
export function judgeAwsFault(fault: unknown): SendResult {
  const { name, message, $metadata } = fault as {
    name?: string;
    message?: string;
    $metadata?: { httpStatusCode?: number };
  };
  if (name === 'AbortError' || name === 'TimeoutError') {
    return { outcome: 'retry', error: 'no answer from AWS in time', timedOut: true };
  }
  // SQS says `AWS.SimpleQueueService.NonExistentQueue` and the like; the last part is the code.
  return judgeCode(name?.split('.').at(-1) ?? 'Error', message, $metadata?.httpStatusCode);
}
