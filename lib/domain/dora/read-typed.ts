import { kindOf, type Read } from './fault.ts';
import { type Envelope, readAttributes } from './read-attributes.ts';

/** The envelope of a request that has to say of which type it is. `hint` is for whoever meant something else. */
export function readTyped(rawBody: Uint8Array, type: string, hint: string): Read<Envelope> {
  const envelope = readAttributes(rawBody);
  if (envelope.faults || envelope.value.type === type) return envelope;
  const { type: given } = envelope.value;
  const not =
    given === undefined
      ? 'is missing'
      : typeof given === 'string'
        ? `is ${JSON.stringify(given.slice(0, 60))}`
        : `is ${kindOf(given)}`;
  return { faults: [{ pointer: '/data/type', detail: `data.type must be "${type}", and ${not}; ${hint}` }] };
}
