import type { IngestSource } from './route.ts';
import { cdevents } from './sources/cdevents.ts';
import { doraApi } from './sources/dora-api.ts';
import { github } from './sources/github.ts';
import { gitlab } from './sources/gitlab.ts';
import { metrics } from './sources/metrics.ts';
import { otlp } from './sources/otlp.ts';

/** Everything that can be reported to `ingest`, or asked of it, in the order in which a request is offered to them. */
export const sources: readonly IngestSource[] = [doraApi, github, gitlab, cdevents, otlp, metrics];
