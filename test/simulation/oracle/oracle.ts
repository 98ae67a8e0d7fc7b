import type { Run } from '../world.ts';
import {
  atRest,
  attemptsAddUp,
  deadAreCounted,
  neverExpiresWhilePending,
  noLooseEnds,
  noSecrets,
  pinsStay,
  rowsEqualFold,
} from './accounting.ts';
import { causedAsHappened } from './breaking.ts';
import type { Check, Violation } from './check.ts';
import { wholeOrNothing } from './choosing.ts';
import { neverCrowded } from './crowding.ts';
import { onePicture } from './datadog.ts';
import {
  bodyIsFrozenEvent,
  destinationsFixed,
  endsAtOnce,
  everythingArrives,
  inSequence,
  oneBody,
} from './delivering.ts';
import { gatherEvidence } from './evidence.ts';
import { frozenOnce, nothingHeldThatMatches, rightOwner, stateAsOfEvent } from './freezing.ts';
import { nothingMissing, pastIsQuiet, rowsAsItHappened } from './importing.ts';
import { noPhantoms, nothingExactIsWrong } from './knowing.ts';
import { rightCause, rightFailures } from './linking.ts';
import { rightMarks } from './marking.ts';
import { countedOnItsDay } from './measuring.ts';
import { openOnlyInTrouble, prompt } from './promptness.ts';
import { acceptedIsLogged, answers, inTime, nothingInvented } from './receiving.ts';
import { oneDeploymentEach, rightKind, toldOnceAndLast } from './releasing.ts';
import { rematched } from './rematching.ts';
import { oneEach, receivedLast, takenBack, toldAsReported } from './reporting.ts';
import { oneRolloutEach, rightKindOfRollout, sendersAreHeard } from './rolling-out.ts';
import { seenWhenItCame, telemetryIsCheap } from './telemetry.ts';

/** Everything the bridge promises. */
const checks: Check[] = [
  acceptedIsLogged,
  nothingInvented,
  answers,
  inTime,
  frozenOnce,
  nothingHeldThatMatches,
  stateAsOfEvent,
  rightOwner,
  rematched,
  oneEach,
  receivedLast,
  toldAsReported,
  takenBack,
  oneDeploymentEach,
  rightKind,
  sendersAreHeard,
  oneRolloutEach,
  rightKindOfRollout,
  telemetryIsCheap,
  seenWhenItCame,
  toldOnceAndLast,
  rightCause,
  rightFailures,
  causedAsHappened,
  rightMarks,
  destinationsFixed,
  everythingArrives,
  endsAtOnce,
  oneBody,
  bodyIsFrozenEvent,
  inSequence,
  wholeOrNothing,
  onePicture,
  atRest,
  prompt,
  openOnlyInTrouble,
  neverCrowded,
  neverExpiresWhilePending,
  rowsEqualFold,
  countedOnItsDay,
  nothingExactIsWrong,
  nothingMissing,
  pastIsQuiet,
  rowsAsItHappened,
  noPhantoms,
  deadAreCounted,
  attemptsAddUp,
  pinsStay,
  noSecrets,
  noLooseEnds,
];

/** Judges a run by what PagerDuty was told, what destinations received and what the tables' rows say. */
export function judge(run: Run): Violation[] {
  const evidence = gatherEvidence(run);
  const violations: Violation[] = [];
  for (const { name, look } of checks) {
    const broken = (message: string) => violations.push({ check: name, message });
    try {
      look(evidence, broken);
    } catch (error) {
      broken(`the rows make no sense: ${error instanceof Error ? error.message : error}`);
    }
  }
  return violations;
}
