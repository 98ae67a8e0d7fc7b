import type { PutEventsRequest, PutEventsResponse } from '@aws-sdk/client-eventbridge';
import type { SendResult } from '../../../domain/destination/destination.ts';
import type { EventPayload } from '../event-payload.ts';
import type { DestinationKind } from '../kind.ts';
import { awsDestination } from './aws-destination.ts';
import type { EventBridgeConfig } from './eventbridge-config.ts';
import { judgeCode } from './judge-aws.ts';
import { regionOfArn } from './region-of.ts';

/** What rules match on as `source`; never changes. */
const source = 'pagerduty-catalog-bridge';

/** Puts each event on an event bus; `detail-type` is the event type. EventBridge promises no order. */
export const eventBridgeKind: DestinationKind = {
  create(config, { aws }) {
    const { bus, region = regionOfArn(bus), endpoint } = config as EventBridgeConfig;
    return awsDestination<PutEventsRequest, PutEventsResponse>(config, {
      connect: () => aws.putEvents({ region, endpoint }),
      input: (payload) => ({ Entries: [entry(bus, payload)] }),
      countedTexts: ({ Entries = [] }) =>
        Entries.flatMap(({ Source, DetailType, Detail }) => [Source, DetailType, Detail, 'time of 14 B']),
      judge,
    });
  },
};

function entry(bus: string, { eventType, body, occurredAt }: EventPayload) {
  return {
    EventBusName: bus,
    Source: source,
    DetailType: eventType,
    Detail: body,
    Time: new Date(occurredAt),
  };
}

/** PutEvents answers 200 also when it took nothing; each entry says for itself. */
function judge({ Entries = [], FailedEntryCount = 0 }: PutEventsResponse): SendResult {
  const failed = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
  if (failed) return judgeCode(failed.ErrorCode ?? '', failed.ErrorMessage, undefined);
  if (FailedEntryCount > 0) return { outcome: 'retry', error: 'PutEvents failed without a code' };
  return { outcome: 'delivered', statusCode: 200 };
}
