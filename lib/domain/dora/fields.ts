import { type Fault, kindOf } from './fault.ts';
import { readMoment } from './moment.ts';
import { isObject } from './read-attributes.ts';

/** The fields of one object of a request. What is wrong with one is noted, and `undefined` returned. */
export interface Fields {
  has(key: string): boolean;
  /** Trimmed. Nothing, null and blanks are all absent: a shell leaves blanks where a variable is unset. */
  text(key: string, rule?: TextRule): string | undefined;
  texts(key: string, rule: { atMost: number; each?: TextRule }): string[];
  /** Epoch milliseconds. */
  moment(key: string): number | undefined;
  /** Absent where the field is. */
  object(key: string): Fields | undefined;
  flag(key: string): boolean | undefined;
  integer(key: string, least: number, most: number): number | undefined;
  /** Notes what is wrong with a field; `detail` follows on its name. */
  fault(key: string, detail: string): undefined;
}

export interface TextRule {
  /** In characters, 512 where it is not said. */
  atMost?: number;
  /** Several lines are fine. */
  lines?: boolean;
  form?: RegExp;
  /** What the form means: follows on `must be`. */
  formed?: string;
}

const usualLength = 512;
/** Enough to see what is wrong. */
const mostFaults = 50;

/** `name` is what the object is called in front of its fields, empty for the attributes themselves. */
export function fieldsOf(
  object: Readonly<Record<string, unknown>>,
  faults: Fault[],
  pointer = '/data/attributes',
  name = '',
): Fields {
  const given = (key: string): unknown =>
    Object.hasOwn(object, key) && object[key] !== null ? object[key] : undefined;
  const note = (at: string, detail: string): undefined => {
    if (faults.length < mostFaults) faults.push({ pointer: at, detail });
  };
  const fault = (key: string, detail: string) => note(`${pointer}/${key}`, `${name}${key} ${detail}`);

  return {
    fault,
    has: (key) => given(key) !== undefined,
    text(key, rule) {
      const value = given(key);
      if (value === undefined) return undefined;
      const read = readText(value, rule);
      return read.fault === undefined ? read.text : fault(key, read.fault);
    },
    texts(key, { atMost, each }) {
      const value = given(key);
      if (value === undefined) return [];
      if (!Array.isArray(value)) return fault(key, `must be a list of texts, not ${kindOf(value)}`) ?? [];
      if (value.length > atMost)
        return fault(key, `must have at most ${atMost} items, not ${value.length}`) ?? [];
      return value.flatMap((item: unknown, index) => {
        const { text, fault: wrong } = readText(item, each);
        if (text !== undefined) return [text];
        return (
          note(`${pointer}/${key}/${index}`, `${name}${key}[${index}] ${wrong ?? 'must not be empty'}`) ?? []
        );
      });
    },
    moment(key) {
      const value = given(key);
      if (value === undefined) return undefined;
      const { ms, fault: wrong } = readMoment(value);
      return wrong === undefined ? ms : fault(key, wrong);
    },
    object(key) {
      const value = given(key);
      if (value === undefined) return undefined;
      if (!isObject(value)) return fault(key, `must be an object, not ${kindOf(value)}`);
      if (Object.hasOwn(value, '__proto__')) return fault(key, 'must not have a field named __proto__');
      return fieldsOf(value, faults, `${pointer}/${key}`, `${name}${key}.`);
    },
    flag(key) {
      const value = given(key);
      if (value === undefined || typeof value === 'boolean') return value;
      return fault(key, `must be true or false, not ${kindOf(value)}`);
    },
    integer(key, least, most) {
      const value = given(key);
      if (value === undefined) return undefined;
      const fits = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
      return fits ? value : fault(key, `must be a whole number from ${least} to ${most}`);
    },
  };
}

type ReadText = { text?: string; fault?: never } | { text?: never; fault: string };

function readText(
  value: unknown,
  { atMost = usualLength, lines = false, form, formed }: TextRule = {},
): ReadText {
  if (typeof value !== 'string') return { fault: `must be a text, not ${kindOf(value)}` };
  if (value.length > atMost) return { fault: `must have at most ${atMost} characters, not ${value.length}` };
  if (!value.isWellFormed()) return { fault: 'must not contain half of a character (a lone surrogate)' };
  if ((lines ? controlsButLines : controls).test(value)) {
    return { fault: `must not contain control characters${value.includes('\0') ? ' such as NUL' : ''}` };
  }
  const text = value.trim();
  if (text === '') return {};
  if (text === '__proto__') return { fault: 'must not be __proto__' };
  return form && !form.test(text) ? { fault: `must be ${formed}` } : { text };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlsButLines = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
