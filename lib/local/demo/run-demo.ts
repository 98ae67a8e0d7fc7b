import { compare } from './ledger.ts';
import { indent, type Page } from './page.ts';
import { type Play, playChapter } from './play.ts';
import { showForwarded } from './show-forwarded.ts';
import { showNumbers } from './show-numbers.ts';
import { showSummary } from './show-summary.ts';
import { readTables, showTables } from './show-tables.ts';
import type { Stage } from './stage.ts';
import { story } from './story.ts';
import { until } from './until.ts';

/** Long enough for a sweep or two, which would send what should not be sent again. */
const quietMs = 1_500;
const day = 86_400_000;
/** So that no two incidents of the story begin at the same time. */
const betweenChaptersMs = 17 * 60_000;

/** Plays the story; whether everything came out as it should. */
export async function runDemo(stage: Stage, page: Page): Promise<boolean> {
  const startedAt = Date.now();
  introduce(stage, page);
  const today = startedAt - (startedAt % day);
  const play: Play = {
    stage,
    page,
    record: { answers: [], owed: [], surprises: [] },
    beginsAt: today - 3 * day + 10 * 3_600_000,
  };
  for (const chapter of story) {
    await playChapter(play, chapter);
    play.beginsAt += betweenChaptersMs;
  }

  await new Promise((resolve) => setTimeout(resolve, quietMs));
  const tables = await until('the tables to say that all is settled', async () => {
    const read = await readTables(stage);
    return read.incidents.every((row) => row['forwarding'] === 'settled') ? read : undefined;
  });
  const { arrivals, refused } = stage.receiver;
  showForwarded(page, arrivals[2]);
  showTables(page, tables);
  const wrongNumbers = await showNumbers(page, stage);
  const { answers, owed, surprises } = play.record;
  const settled = tables.deliveries.filter((row) => row['status'] === 'delivered').length;
  return showSummary(page, {
    answers,
    stored: tables.events.length,
    forwarded: arrivals.length,
    held: tables.incidents.filter((row) => row['forwarding'] === 'held').length,
    findings: compare(
      owed,
      arrivals.map(({ event }) => event),
    ),
    refused,
    surprises: [
      ...surprises,
      ...wrongNumbers,
      ...(tables.events.length === owed.length ? [] : ['the log does not hold each accepted event once']),
      ...(settled === owed.length ? [] : ['the deliveries do not say that each event was delivered']),
    ],
    seconds: (Date.now() - startedAt) / 1000,
  });
}

function introduce({ bridge, receiver }: Stage, page: Page): void {
  page.line(page.paint('bold', 'PagerDuty catalog bridge: a demonstration'));
  page.line();
  page.paragraph(
    'The bridge is running on this machine, as `npm start` runs it, on an embedded DynamoDB and with a ' +
      'catalog of six files (lib/local/demo/catalog). Webhooks go in over HTTP, signed as PagerDuty signs ' +
      'them. What comes out goes to a destination: an HTTP server that checks signature, ids and order.',
  );
  page.line();
  page.line(`${indent}webhooks     POST ${bridge.ready.webhook_url}`);
  page.line(`${indent}destination  POST ${receiver.url}`);
}
