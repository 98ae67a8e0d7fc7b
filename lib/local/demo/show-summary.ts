import type { Findings } from './ledger.ts';
import { indent, type Page } from './page.ts';

export interface Summary {
  answers: readonly string[];
  /** Rows in the log. */
  stored: number;
  /** Incident events the destination has accepted. */
  forwarded: number;
  /** Incidents that are still held. */
  held: number;
  findings: Findings;
  /** Requests the destination had to refuse. */
  refused: readonly string[];
  /** What else is not as it should be. */
  surprises: readonly string[];
  seconds: number;
}

/** Prints what came of it all; true when every webhook the bridge accepted has come out, once and in order. */
export function showSummary(page: Page, summary: Summary): boolean {
  const { answers, stored, forwarded, held, findings, refused, surprises, seconds } = summary;
  const count = (answer: string) => answers.filter((each) => each === answer).length;
  const kinds = ['202 accepted', '202 duplicate', '202 pong', '503 authentication_failed'];
  const line = (label: string, number: number, good = true) =>
    page.line(`${indent}${label.padEnd(48)}${page.paint(good ? 'bold' : 'red', String(number).padStart(4))}`);

  page.title('What came of it');
  line('webhooks sent', answers.length);
  for (const kind of kinds) line(`  answered ${kind}`, count(kind));
  line('stored: webhooks in the log', stored);
  line('forwarded: events the destination accepted', forwarded);
  line('held: incidents that wait for a match', held, held === 0);
  line('missing', findings.missing.length, findings.missing.length === 0);
  line('double', findings.double.length, findings.double.length === 0);
  line('out of order', findings.outOfOrder.length, findings.outOfOrder.length === 0);
  line('refused by the destination', refused.length, refused.length === 0);

  const faults = [
    ...findings.missing.map((each) => `missing: ${each}`),
    ...findings.double.map((each) => `double: ${each}`),
    ...findings.unexpected.map((each) => `nobody sent ${each}`),
    ...findings.outOfOrder,
    ...findings.wrong,
    ...refused.map((each) => `refused by the destination: ${each}`),
    ...surprises,
  ];
  page.line();
  for (const fault of faults) page.paragraph(fault, `${indent}! `);
  const good = faults.length === 0;
  const verdict = good
    ? 'Nothing is missing, nothing came twice, everything is in order'
    : 'This is not as it should be';
  page.line(`${indent}${page.paint(good ? 'green' : 'red', verdict)} (${seconds.toFixed(1)} s).`);
  return good;
}
