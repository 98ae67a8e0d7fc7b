import type { SendResult } from '../../../domain/destination/destination.ts';
import type { HttpAnswer } from '../../../ports.ts';
import { blamedInstead, findMarked, listRequest, readListed } from './listed-deployments.ts';
import { type DatadogRequest, type Mark, marksPath } from './requests.ts';

/** Sends one request; its answer where it was accepted, else what came of it. */
export type Exchange = (request: DatadogRequest) => Promise<HttpAnswer | SendResult>;

/** What Datadog notices by itself it shows some time after. */
const shownAfterMs = 3_600_000;
const againMs = 10 * 60_000;

/** Finds the deployment at Datadog, where that is needed, and says of it what is to be said. */
export async function sendMark(mark: Mark, attemptAtMs: number, exchange: Exchange): Promise<SendResult> {
  let { id } = mark;
  if (id === undefined || mark.first) {
    const answer = await exchange(listRequest(mark, attemptAtMs));
    if ('outcome' in answer) return answer;
    const all = readListed(answer.body);
    if (!all)
      return { outcome: 'retry', error: 'Datadog lists its deployments in a form that is not understood' };
    const instead = mark.first ? blamedInstead(all, mark) : undefined;
    if (instead !== undefined) return blamedThere(mark, instead, attemptAtMs);
    id ??= findMarked(all, mark)?.id;
  }
  if (id === undefined) return unknownThere(mark, attemptAtMs);
  const data = { id, type: 'dora_deployment_patch_request', attributes: mark.attributes };
  const path = `${marksPath}/${encodeURIComponent(id)}`;
  const answer = await exchange({ method: 'PATCH', path, body: JSON.stringify({ data }) });
  return 'outcome' in answer ? answer : { outcome: 'delivered', statusCode: answer.status };
}

function unknownThere({ service, env, finished_at }: Mark, attemptAtMs: number): SendResult {
  if (attemptAtMs - Date.parse(finished_at) > shownAfterMs)
    return { outcome: 'skipped', reason: 'unknown_at_datadog' };
  const where = env === undefined ? service : `${service} in ${env}`;
  const error = `Datadog shows no deployment of ${where} that was finished at ${finished_at} yet`;
  return { outcome: 'retry', error, retryAfterMs: againMs };
}

/** What is shown there may be a mark of our own that is just being taken off, for an incident that moves to this one. */
function blamedThere({ noticed_at }: Mark, instead: string, attemptAtMs: number): SendResult {
  if (noticed_at === undefined || attemptAtMs - Date.parse(noticed_at) >= againMs)
    return { outcome: 'skipped', reason: `blamed_instead: ${instead}` };
  const error = `Datadog shows that ${instead} failed and was put right after this deployment`;
  return { outcome: 'retry', error, retryAfterMs: againMs };
}
