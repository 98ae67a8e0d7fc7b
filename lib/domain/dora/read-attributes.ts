import { parseExactly } from './exact-json.ts';
import type { Fault, Read } from './fault.ts';
import { kindOf } from './fault.ts';

/** Requests of this API are four levels deep; whoever nests more wants something else. */
const deepest = 32;

/** A request of this API: what stands in `data`, and its attributes. */
export interface Envelope {
  type: unknown;
  id: unknown;
  attributes: Readonly<Record<string, unknown>>;
}

/** Reads the envelope `{"data":{"attributes":{…}}}`, whatever the bytes are. */
export function readAttributes(rawBody: Uint8Array): Read<Envelope> {
  const body = readJson(rawBody);
  if (body.faults) return body;
  if (!isObject(body.value)) return wrong('', `the body must be an object, not ${kindOf(body.value)}`);
  const { data } = body.value;
  if (!isObject(data)) return wrong('/data', mustBe('data', data));
  const { attributes, type, id } = data;
  if (!isObject(attributes)) return wrong('/data/attributes', mustBe('data.attributes', attributes));
  const strange = [
    ['', body.value],
    ['/data', data],
    ['/data/attributes', attributes],
  ].filter(([, object]) => Object.hasOwn(object as object, '__proto__'));
  if (strange.length > 0) {
    const detail = '__proto__ is not accepted as the name of a field';
    return { faults: strange.map(([pointer]) => ({ pointer: `${pointer}/__proto__`, detail })) };
  }
  return { value: { type, id, attributes } };
}

function readJson(rawBody: Uint8Array): Read<unknown> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(rawBody);
  } catch {
    return wrong('', 'the body must be UTF-8');
  }
  if (text.trim() === '')
    return wrong('', 'the body is empty; it must be JSON, such as {"data":{"attributes":{…}}}');
  if (isDeeper(text, deepest)) return wrong('', `the body must not be nested deeper than ${deepest} levels`);
  try {
    return { value: parseExactly(text) };
  } catch (error) {
    return wrong('', `the body must be JSON: ${String((error as Error).message).slice(0, 200)}`);
  }
}

/** Looked at before it is parsed, since parsing takes a level of the stack for each. */
function isDeeper(text: string, most: number): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inText) {
      if (character === '\\') at++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '{' || character === '[') {
      depth++;
      if (depth > most) return true;
    } else if (character === '}' || character === ']') depth--;
  }
  return false;
}

const wrong = (pointer: string, detail: string): { faults: Fault[] } => ({ faults: [{ pointer, detail }] });

const mustBe = (name: string, value: unknown) =>
  value === undefined ? `${name} is missing` : `${name} must be an object, not ${kindOf(value)}`;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
