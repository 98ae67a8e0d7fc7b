import { indent, type Page } from './page.ts';
import type { Arrival } from './receiver.ts';

const shownHeaders = ['content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature'];

/** One event as it arrived at the destination, in full. */
export function showForwarded(page: Page, arrival: Arrival | undefined): void {
  if (!arrival) return;
  page.title('What a destination gets: one event in full');
  for (const name of shownHeaders) page.line(`${indent}${name}: ${arrival.headers[name]}`);
  page.line();
  const [open, ...members] = JSON.stringify(arrival.event, null, 2).split('\n');
  page.line(`${indent}${open}`);
  for (const line of members) showMember(page, line);
}

/** A long text goes on below its name. */
function showMember(page: Page, line: string): void {
  const depth = line.length - line.trimStart().length;
  page.paragraph(line.trimStart(), indent + ' '.repeat(depth));
}
