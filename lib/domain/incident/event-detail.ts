import { member } from '../pagerduty/loose.ts';
import { storableWithin } from '../pagerduty/storable.ts';
import { isWholeIncident } from '../pagerduty/whole-incident.ts';
import { cutVisibly } from '../text/cut.ts';

/** In JSON, as UTF-8. A destination may take 256 KB, a row 400 KB, and an incident has many events. */
const mostBytes = 8192;
const levels = 6;
/** Tried in turn until it fits: longest text, most entries of a list or an object. */
const measures = [
  [4000, 100],
  [1000, 50],
  [200, 20],
  [50, 10],
] as const;

/**
 * The object a thin event is about: a note, a status update, a responder, a role, a task, a workflow, an action, as
 * PagerDuty sends it, without the incident it refers to. At most 8 KB; `cut` lists what was cut, texts end in `…`.
 */
export function detailOf(data: unknown): Record<string, unknown> | undefined {
  if (typeof data !== 'object' || data === null || Array.isArray(data) || isWholeIncident(data))
    return undefined;
  if (typeof member(data, 'type') !== 'string') return undefined;
  const whole = storableWithin(withoutIncident(data), levels) as Record<string, unknown>;
  if (bytes(whole) <= mostBytes) return whole;
  for (const [text, entries] of measures) {
    const paths: string[] = [];
    const shortened = shorten(whole, '', { text, entries, paths }) as Record<string, unknown>;
    const detail = { ...shortened, cut: paths };
    if (bytes(detail) <= mostBytes) return detail;
  }
  return { type: cutVisibly(String(whole['type']), 200), cut: ['*'] };
}

const bytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** Role assignments refer to the incident one level below. */
function withoutIncident(value: unknown, depth = 0): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutIncident(item, depth));
  if (typeof value !== 'object' || value === null || depth > 1) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'incident');
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutIncident(item, depth + 1)]));
}

interface Measure {
  text: number;
  entries: number;
  paths: string[];
}

function shorten(value: unknown, path: string, measure: Measure): unknown {
  const { text, entries, paths } = measure;
  const note = () => {
    if (paths.length < 20) paths.push(path === '' ? '*' : path);
  };
  if (typeof value === 'string') {
    if (value.length > text) note();
    return cutVisibly(value, text);
  }
  if (typeof value !== 'object' || value === null) return value;
  const list = Object.entries(value);
  if (list.length > entries) note();
  const kept = list
    .slice(0, entries)
    .map(([key, item]) => [key, shorten(item, path === '' ? key : `${path}.${key}`, measure)] as const);
  return Array.isArray(value) ? kept.map(([, item]) => item) : Object.fromEntries(kept);
}
