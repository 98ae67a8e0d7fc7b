import { systemRandom } from '../../adapters/aws/lambda-runtime.ts';
import { count, plain } from '../../adapters/terminal/plain.ts';
import { checkIncident, type Rebuilt, rebuildIncident } from '../../flow/freeze/rebuild-incident.ts';
import { rejudge } from '../../flow/links/rejudge.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { inParallel } from '../../store/database/in-parallel.ts';
import { loggedIncidents } from '../../store/events/list.ts';
import { readIncident } from '../../store/incidents/incidents.ts';
import { eachIncident } from '../../store/incidents/list.ts';
import { configOf } from '../config-file.ts';
import { incidentKey } from '../incident-key.ts';
import { failed, type Io, printJson } from '../io.ts';
import { progressOn } from '../progress.ts';
import { announceTarget, resolveTarget, type TargetOptions } from '../target.ts';

interface Options extends TargetOptions {
  check?: true;
  after?: string;
  config?: string;
  json?: true;
}

/** An incident that is being worked on is looked at again, so many times, so far apart. */
const patience = { tries: 5, ms: 1_000 };
const atOnce = 16;

/** Rows and log of one incident or of all, compared or made equal; then what caused each is judged anew. */
export async function rebuild(given: string | undefined, options: Options, io: Io): Promise<void> {
  const config = await configOf(options, io);
  const target = await resolveTarget(options, io);
  announceTarget(target, io);
  const { store } = target;
  const clock = { now: io.now };
  const id = given === undefined ? undefined : await incidentKey(store, given);
  const { after = '' } = options;
  const all = id === undefined ? (await allIncidents(store)).sort() : [id];
  const ids = all.filter((each) => each > after);
  const results: (Rebuilt & { incident_id: string })[] = [];
  const tally = { same: 0, different: 0, rebuilt: 0, busy: 0, no_log: 0 };
  const progress = progressOn(io, 'incidents', ids.length);
  let done = 0;
  const through = contiguous();
  await inParallel([...ids.entries()], atOnce, async ([index, incidentId]) => {
    const work = () =>
      options.check
        ? checkIncident(store, config, incidentId, io.now())
        : rebuildIncident(store, config, incidentId, systemRandom.token(), io.now());
    let result = await work();
    for (let again = 1; result.outcome === 'busy' && again < patience.tries; again++) {
      await new Promise((resolve) => setTimeout(resolve, patience.ms));
      result = await work();
    }
    if (!options.check) await rejudge({ store, config, clock, random: systemRandom }, incidentId);
    tally[result.outcome]++;
    if (result.outcome !== 'same') results.push({ incident_id: incidentId, ...result });
    const upTo = ids[through(index)];
    progress(++done, upTo && `--after ${upTo} goes on from there`);
  });
  results.sort((a, b) => (a.incident_id < b.incident_id ? -1 : 1));
  if (id !== undefined && tally.no_log > 0 && !(await readIncident(store, id))) {
    throw failed('not_found', `There is no incident ${given}. \`pdbridge incidents ls\` lists them.`);
  }
  if (options.json) printJson(io, { checked: ids.length, ...tally, incidents: results.map(plain) });
  else say(results, tally, ids.length, io);
  if (options.check && tally.different > 0) throw failed('rows_differ');
}

/** Told which are done, in any order: the last of those before which all are. */
function contiguous(): (index: number) => number {
  const done = new Set<number>();
  let through = -1;
  return (index) => {
    done.add(index);
    while (done.delete(through + 1)) through++;
    return through;
  };
}

/** Those that have a log, and those of which only the row is left. */
async function allIncidents(store: Store): Promise<string[]> {
  const ids = new Set(await loggedIncidents(store));
  for await (const row of eachIncident(store)) ids.add(String(row['incident_id']));
  return [...ids];
}

function say(
  results: (Rebuilt & { incident_id: string })[],
  { same, different, rebuilt, busy, no_log }: Record<Rebuilt['outcome'], number>,
  total: number,
  io: Io,
): void {
  for (const result of results) {
    if (!('differences' in result)) continue;
    for (const { attribute, row, log } of result.differences) {
      io.out(
        `${result.incident_id} ${attribute}: ${JSON.stringify(row) ?? 'nothing'} → ${JSON.stringify(log) ?? 'nothing'}\n`,
      );
    }
  }
  io.out(`${count(total, 'incident')}: ${same} as the log says, ${different} different, ${rebuilt} rebuilt`);
  if (busy > 0) io.out(`, ${busy} being worked on (try again later)`);
  if (no_log > 0) io.out(`, ${no_log} whose events have expired`);
  io.out('\n');
}
