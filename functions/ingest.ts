import { systemClock } from '../lib/adapters/aws/lambda-runtime.ts';
import { fromRoutedLambdaEvent, toLambdaResponse } from '../lib/adapters/incoming-http/lambda-event.ts';
import { createIngest } from '../lib/flow/ingest/create-ingest.ts';
import type { IngestDeps } from '../lib/flow/ingest/deps.ts';
import { sources } from '../lib/flow/ingest/sources.ts';
import { lambdaReceiver } from './wiring/receiver.ts';

/** Takes what other programs report; deployed where bridge.yml has `ingest`. */
const ingest = createIngest(sources, lambdaReceiver<IngestDeps['config']>('ingest', import.meta.url));

export async function handler(event: unknown) {
  return toLambdaResponse(await ingest.handle(fromRoutedLambdaEvent(event, systemClock.now())));
}
