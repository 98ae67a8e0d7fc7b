import type { IngestSource } from './route.ts';
import { doraApi } from './sources/dora-api.ts';

/** Everything that can be reported to `ingest`, in the order in which a request is offered to them. */
export const sources: readonly IngestSource[] = [doraApi];
