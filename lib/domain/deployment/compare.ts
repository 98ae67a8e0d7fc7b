import type { DeploymentStatus, Remediation } from './deployment-report.ts';
import { sameCommit } from './same-commit.ts';

/** What one deployment is compared with others of its service and env by. Times in ISO 8601, UTC, milliseconds. */
export interface Compared {
  id: string;
  /** When it finished, or began while it is in progress: the order of deployments. */
  at: string;
  status: DeploymentStatus;
  finished_at?: string | undefined;
  started_at?: string | undefined;
  commit?: string | undefined;
  version?: string | undefined;
  repository_id?: string | undefined;
  team?: string | undefined;
  sources: string[];
  change_failure?: boolean | undefined;
  remediation?: Remediation | undefined;
  /** The deployment that put it right, as the incidents that are laid to it have it. */
  mended_by?: string | undefined;
  /** As in a report. */
  ran_before?: boolean | undefined;
  /** When it was first heard of. */
  received_at: string;
  /** It was decided to be a deployment of its own, and may have been sent: it stays the one that others are. */
  own?: boolean | undefined;
  /** It takes no part any more: it was taken back, or is of another service or env by now. */
  deleted?: boolean | undefined;
  /** When it was taken back. Then whatever is the same deployment is taken back with it. */
  deleted_at?: string | undefined;
}

export type DeploymentKind = 'standard' | 'rollback' | 'rollforward';

/** What follows from the others. */
export interface Verdict {
  kind: DeploymentKind;
  /** One sentence. */
  explanation: string;
  /** The deployment this one is, as another source has told it. */
  same_as?: string;
  /** Facts that only the others of the same deployment have told. */
  filled: Filled;
  /** Of all that have told of it. */
  sources: string[];
  /** The kind without what follows from incidents, where that is another one. */
  kind_alone?: DeploymentKind;
  /** The deployment that put this one right, where one was told or follows from incidents. */
  remediation_id?: string;
  /** The successful one before it, and its commit: what this one brought is what came between. */
  previous?: { id: string; commit?: string | undefined } | undefined;
  /** When it was taken back, by the id of whichever of its sources. */
  deleted_at?: string;
  /** Of the latter, what it is. */
  remediation_type?: 'rollback' | 'rollforward';
  /** Its version, where it is known. */
  remediation_version?: string;
}

export interface Filled {
  started_at?: string | undefined;
  commit?: string | undefined;
  version?: string | undefined;
  repository_id?: string | undefined;
  team?: string | undefined;
  change_failure?: boolean | undefined;
  remediation?: Remediation | undefined;
}

/** So many deployments before one are what it is compared with. */
export const comparedBefore = 50;

export const inOrder = (a: Compared, b: Compared): number =>
  a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1;

/** The verdict on one of several deployments of a service and env; they may be given in any order. */
export function judgeAmong(all: readonly Compared[], id: string, settleMs: number): Verdict | undefined {
  const sorted = all.filter((each) => !each.deleted || each.deleted_at !== undefined).sort(inOrder);
  const at = sorted.findIndex((each) => each.id === id);
  const mine = sorted[at];
  if (!mine) return undefined;
  const groups = groupSame(sorted.slice(Math.max(0, at - comparedBefore)), settleMs);
  const group = groups.find(({ members }) => members.some((each) => each.id === id));
  if (!group) return undefined;
  const isFirst = group.first.id === id;
  const same = isFirst ? {} : { same_as: group.first.id };
  const { sources } = mine;
  // Who tells of it after that changes nothing that anybody would have to hear.
  if (group.deletedAt !== undefined)
    return {
      kind: 'standard',
      explanation: 'Was deleted.',
      ...same,
      filled: {},
      sources,
      deleted_at: group.deletedAt,
    };
  const standing = groups.filter(({ deletedAt }) => deletedAt === undefined);
  const { kind, kind_alone, explanation } = kindOf(group, standing);
  const mended = mendedBy(group, standing);
  const remediation_id = mended?.first.id ?? group.facts.remediation?.id;
  const told = group.facts.remediation !== undefined;
  const type = mended && !told ? kindOf(mended, standing).kind : undefined;
  const previous = previousOf(group, standing);
  return {
    kind,
    ...(kind_alone === undefined ? {} : { kind_alone }),
    explanation,
    ...same,
    filled: isFirst ? group.facts : {},
    sources: isFirst ? group.sources : sources,
    ...(remediation_id === undefined ? {} : { remediation_id }),
    ...(previous && { previous: { id: previous.first.id, commit: previous.facts.commit } }),
    ...(type === undefined ? {} : { remediation_type: type === 'rollback' ? type : 'rollforward' }),
    ...(mended?.facts.version === undefined ? {} : { remediation_version: mended.facts.version }),
  };
}

const previousOf = (group: Group, groups: readonly Group[]): Group | undefined =>
  groups.slice(0, groups.indexOf(group)).findLast(({ isOver, ran }) => isOver && ran);

/** One deployment, by all that were told of it. */
interface Group {
  /** The one that counts and is sent. */
  first: Compared;
  members: Compared[];
  facts: Filled;
  sources: string[];
  /** It succeeded, as far as any of them tells. */
  ran: boolean;
  /** Any of them knows that it ran there before. */
  ranBefore: boolean;
  isOver: boolean;
  /** It was taken back, by the id of any of them. */
  deletedAt: string | undefined;
}

/**
 * In the order of their finish each joins the first one it is the same as, unless a source has told of that one under
 * another id. Which of a group is the first in it follows from what was sent, then from who was heard first.
 */
function groupSame(sorted: readonly Compared[], settleMs: number): Group[] {
  const groups: Compared[][] = [];
  for (const each of sorted) {
    const same = groups.find((members) => members.every((other) => isSame(other, each, settleMs)));
    if (same) same.push(each);
    else groups.push([each]);
  }
  return groups.map(toGroup);
}

function toGroup(members: Compared[]): Group {
  const heard = [...members].sort(byReceipt);
  const first = heard.find((each) => each.own) ?? heard[0];
  if (!first) throw new Error('a group has at least one member');
  const told = <Name extends keyof Filled>(name: Name) =>
    heard.find((each) => each[name] !== undefined)?.[name];
  return {
    first,
    members,
    facts: {
      started_at: told('started_at'),
      commit: told('commit'),
      version: told('version'),
      repository_id: told('repository_id'),
      team: told('team'),
      change_failure: told('change_failure'),
      remediation: told('remediation'),
    },
    sources: [...new Set(heard.flatMap((each) => each.sources))],
    ran: members.some(({ status }) => status === 'succeeded'),
    ranBefore: members.some(({ ran_before }) => ran_before === true),
    isOver: members.some(({ finished_at }) => finished_at !== undefined),
    deletedAt: members.flatMap(({ deleted_at }) => deleted_at ?? []).sort()[0],
  };
}

const byReceipt = (a: Compared, b: Compared): number =>
  a.received_at === b.received_at ? (a.id < b.id ? -1 : 1) : a.received_at < b.received_at ? -1 : 1;

/** Two ids that one source has told are two deployments, whatever else they have in common. */
function isSame(a: Compared, b: Compared, settleMs: number): boolean {
  if (a.finished_at === undefined || b.finished_at === undefined) return false;
  if (a.sources.some((source) => b.sources.includes(source))) return false;
  if (apart(a, b) > settleMs) return false;
  return sameChange(a, b);
}

/**
 * How long after the end of one the other began, or ended where its start is not known; negative while they overlap.
 * A pipeline's deployment ends when the last instance is replaced, which telemetry has seen of the first.
 */
function apart(a: Compared, b: Compared): number {
  const ends = [a, b].map(({ finished_at = '' }) => Date.parse(finished_at));
  const starts = [a, b].map(({ started_at, finished_at = '' }) => Date.parse(started_at ?? finished_at));
  return Math.max(...starts) - Math.min(...ends);
}

/** By commit; by version where one of them has no commit. */
function sameChange(a: Filled, b: Filled): boolean {
  if (a.commit !== undefined && b.commit !== undefined) return sameCommit(a.commit, b.commit);
  return a.version !== undefined && a.version === b.version;
}

function kindOf(
  group: Group,
  groups: readonly Group[],
): { kind: DeploymentKind; kind_alone?: DeploymentKind; explanation: string } {
  const mended = groups.find((other) => mendedBy(other, groups) === group);
  const type = mended?.facts.remediation?.type;
  if (mended && type) return { kind: type, explanation: `Told to be the ${type} of ${mended.first.id}.` };
  const before = groups.slice(0, groups.indexOf(group)).filter(({ isOver }) => isOver);
  const previous = before.at(-1);
  const earlier = before.findLast(({ ran, facts }) => ran && sameChange(facts, group.facts));
  const another = previous && !sameChange(previous.facts, group.facts);
  if (another && !earlier && group.ranBefore)
    return { kind: 'rollback', explanation: 'Its version was there before the one that it replaces.' };
  if (mended && (!another || !earlier)) {
    const explanation = `Put right ${mended.first.id}, which an incident is laid to.`;
    return { kind: 'rollforward', kind_alone: 'standard', explanation };
  }
  if (!another || !earlier)
    return { kind: 'standard', explanation: 'Deploys what was not deployed there just before.' };
  const what = group.facts.commit === undefined ? 'version' : 'commit';
  return {
    kind: 'rollback',
    explanation: `Its ${what} was deployed before, by ${earlier.first.id}, and is not that of the deployment before it.`,
  };
}

/** Which deployment put this one right: the one that was named, or the next one of the version that was. */
function mendedBy(failed: Group, groups: readonly Group[]): Group | undefined {
  const { id, version } = failed.facts.remediation ?? {};
  if (id !== undefined) return groups.find(({ members }) => members.some((each) => each.id === id));
  if (version === undefined) return ofIncidents(failed, groups);
  return groups.slice(groups.indexOf(failed) + 1).find(({ facts }) => facts.version === version);
}

/** What somebody has told of its remediation goes before what follows from incidents. */
function ofIncidents({ first, facts }: Group, groups: readonly Group[]): Group | undefined {
  const id = first.mended_by;
  if (id === undefined || facts.remediation !== undefined) return undefined;
  return groups.find(({ members }) => members.some((each) => each.id === id));
}
