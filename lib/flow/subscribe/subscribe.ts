import { carryOut } from './carry-out.ts';
import { type Decision, decide, type Step } from './decide.ts';
import { type SubscribeDeps, SubscribeFault, type Wish } from './deps.ts';
import { refuseToLoseHeaders } from './keep-headers.ts';
import { knock } from './knock.ts';
import { type Looked, look, type Run } from './look.ts';

export type Outcome = Extract<Decision, { do: 'nothing' }>;

/** More than any way from one state to another has. */
const mostSteps = 60;

/**
 * Has exactly one webhook subscription lead to the bridge, with all it should tell, and its secret in the store; done
 * twice, it changes nothing. Goes on from wherever it was left. `told` hears of each step once it is done.
 */
export async function subscribe(
  deps: SubscribeDeps,
  wish: Wish,
  told: (step: Step) => void,
): Promise<Outcome> {
  const knocked = await knock(deps.http, wish.wanted.url);
  // A ping could not come through, whatever its secret is.
  if (knocked.kind !== 'open') throw new SubscribeFault('front_door', knocked.says);
  const run: Run = { disproved: new Set(), rotated: false };
  for (let count = 0; count < mostSteps; count++) {
    const looked: Looked = await look(deps, wish, run);
    const step = decide(looked.situation);
    if (step.do === 'nothing') return step;
    refuseToLoseHeaders(looked.situation, step);
    await carryOut(deps, wish, run, step, looked);
    told(step);
  }
  throw new SubscribeFault('unsettled', 'it does not come to an end: somebody changes the same meanwhile');
}
