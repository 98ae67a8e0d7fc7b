import { cdevents } from './cdevents.ts';
import { cloudevents } from './cloudevents.ts';
import { cloudeventsBinary } from './cloudevents-binary.ts';
import { event } from './event.ts';
import type { Format } from './format.ts';

/** Every way of writing an incident event; what a configuration may name follows from this list. */
export const formats: readonly Format[] = [event, cloudevents, cdevents, cloudeventsBinary];

/** The format of a configured name; the incident event as it is when none is configured. */
export function formatNamed(name: string | undefined): Format {
  const format = formats.find((each) => each.name === (name ?? event.name));
  if (!format) throw new Error(`no format is called ${JSON.stringify(name)}`);
  return format;
}
