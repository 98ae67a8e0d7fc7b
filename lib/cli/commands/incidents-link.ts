import { systemRandom } from '../../adapters/aws/lambda-runtime.ts';
import { identifyById } from '../../domain/deployment/identify.ts';
import { judgeIncident } from '../../flow/links/judge-incident.ts';
import { sameAs } from '../../flow/links/own-id.ts';
import { type RecordedCause, recordedCause } from '../../flow/links/recorded-cause.ts';
import { rejudge } from '../../flow/links/rejudge.ts';
import type { Store } from '../../store/database/dynamo.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { readDeployment } from '../../store/deployments/deployments.ts';
import { lastEventKey, markEventDue } from '../../store/events/events.ts';
import { type SaidCause, sayCause } from '../../store/incidents/causes.ts';
import { readIncident } from '../../store/incidents/incidents.ts';
import { configOf } from '../config-file.ts';
import { incidentKey } from '../incident-key.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';
import { personOf } from '../person.ts';
import { announceTarget, resolveTarget, type TargetOptions } from '../target.ts';

export interface LinkOptions extends TargetOptions {
  note?: string;
  dryRun?: true;
  config?: string;
  json?: true;
}

/** `sweep` comes after so long, should this command be stopped halfway. */
const afterwardsMs = 120_000;
const longestNote = 1_000;

/**
 * Has a person's word on what caused an incident written down, which no rule overrules: a deployment, `none`, or `auto`
 * for taking the word back. The deployments concerned are told through their logs; nothing is sent from here.
 */
export async function link(given: string, deployment: string, options: LinkOptions, io: Io): Promise<void> {
  if ((options.note?.length ?? 0) > longestNote)
    throw wrongUsage(`The note has more than ${longestNote} characters.`);
  const config = await configOf(options, io);
  const target = await resolveTarget(options, io);
  announceTarget(target, io);
  const { store } = target;
  const id = await incidentKey(store, given);
  const row = await readIncident(store, id);
  if (!row) throw failed('not_found', `There is no incident ${given}. \`pdbridge incidents ls\` lists them.`);
  if (row['started_at'] === undefined)
    throw failed('not_linkable', `Nothing has told yet when incident ${given} began. Try again later.`);
  const said = await saidOf(store, deployment, options, io);
  const deps = { store, config, clock: { now: io.now }, random: systemRandom };
  const before = recordedCause(row);
  const would = await judgeIncident(deps, { ...row, cause_said: said });
  if (!options.json) {
    io.out(`Cause of ${id}: ${named(before)} → ${named(would)}. ${would?.explanation ?? ''}\n`);
    for (const line of effects(before, would)) io.out(`${line}\n`);
  }
  if (!options.dryRun) {
    const last = await lastEventKey(store, id);
    // Before anything is written: who is stopped halfway is followed by a sweep that carries it out.
    if (last) await markEventDue(store, last, io.now() + afterwardsMs);
    await sayCause(store, id, said);
    await rejudge(deps, id);
  }
  if (options.json) {
    const dry_run = options.dryRun === true;
    return printJson(io, { incident_id: id, dry_run, before: shown(before), after: shown(would), said });
  }
  io.out(options.dryRun ? 'Nothing was changed (--dry-run).\n' : 'Written down.\n');
}

async function saidOf(
  store: Store,
  deployment: string,
  { note }: LinkOptions,
  io: Io,
): Promise<SaidCause | undefined> {
  if (deployment === 'auto') return undefined;
  const said = {
    by: personOf(io),
    at: new Date(io.now()).toISOString(),
    ...(note !== undefined && { note }),
  };
  if (deployment === 'none') return { deployment_id: null, ...said };
  return { deployment_id: await deploymentId(store, deployment), ...said };
}

/** Of a deployment that can have caused something: the one that counts, where several sources have told it. */
async function deploymentId(store: Store, given: string): Promise<string> {
  const { id } = identifyById(given);
  const row = await readDeployment(store, id);
  if (!row)
    throw failed('not_found', `There is no deployment ${given}. \`pdbridge deployments ls\` lists them.`);
  if (row['deleted_at'] !== undefined)
    throw failed('not_linkable', `Deployment ${given} was taken back by who reported it.`);
  const parts = row['split_into'];
  if (Array.isArray(parts))
    throw failed(
      'several',
      `Deployment ${given} is one of several services; name one of ${parts.join(', ')}.`,
    );
  if (row['service'] === undefined)
    throw failed('not_linkable', `Nobody knows yet which service deployment ${given} is of.`);
  return sameAs({ facts: (row['facts'] ?? {}) as Row }) ?? id;
}

const named = (cause: RecordedCause | undefined): string =>
  cause === undefined ? 'not judged' : (cause.deployment?.id ?? 'no deployment');

function effects(before: RecordedCause | undefined, after: RecordedCause | undefined): string[] {
  const [was, is] = [before?.deployment?.id, after?.deployment?.id];
  if (was === is) return [];
  return [
    ...(was === undefined ? [] : [`Deployment ${was} does not answer for it any more.`]),
    ...(is === undefined ? [] : [`Deployment ${is} is a change failure, if the incident counts.`]),
  ];
}

function shown(cause: RecordedCause | undefined): Row | null {
  if (!cause) return null;
  const { rule, explanation, deployment } = cause;
  return { cause_rule: rule, cause_explanation: explanation, cause_deployment_id: deployment?.id ?? null };
}
