import { wrongUsage } from './io.ts';

/** Where `--set` may not lead: it would change how objects work instead of the body. */
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Applies one `path=value` to a webhook body, in place. A path may leave out the leading `event`; numbers are
 * positions in lists. A value that is JSON is taken as such, anything else as text.
 */
export function setPath(body: Record<string, unknown>, assignment: string): void {
  const equals = assignment.indexOf('=');
  if (equals < 1) throw wrongUsage(`--set takes path=value, such as data.urgency=low, not "${assignment}".`);
  const path = assignment.slice(0, equals).split('.');
  if (path[0] !== 'event') path.unshift('event');
  if (path.some((step) => step === '' || forbidden.has(step))) {
    throw wrongUsage(`--set cannot go to "${assignment.slice(0, equals)}".`);
  }
  const last = path.pop() ?? '';
  let place: Record<string, unknown> = body;
  for (const step of path) {
    if (typeof place[step] !== 'object' || place[step] === null) place[step] = {};
    place = place[step] as Record<string, unknown>;
  }
  place[last] = jsonOrText(assignment.slice(equals + 1));
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
