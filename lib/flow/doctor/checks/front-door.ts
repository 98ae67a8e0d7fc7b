import { HttpFault } from '../../../ports.ts';
import { type Check, fault, ok, skipped } from '../check.ts';

const limitMs = 4_500;

/** A request without credentials must come through to the bridge, and be refused by it. */
export const frontDoor: Check = {
  name: 'front door',
  async look({ deployment: { webhookUrl, applyWith }, http }) {
    if (webhookUrl === undefined)
      return skipped('the address that PagerDuty sends to is not known', '--url URL');
    try {
      const { status, body } = await http.send({
        method: 'POST',
        url: webhookUrl,
        headers: { 'content-type': 'application/json' },
        body: '{}',
        timeoutMs: limitMs,
        allowPrivate: true,
      });
      if (status === 401 && body.includes('"unauthenticated"'))
        return ok(`${webhookUrl} leads to the bridge, which refuses what is not signed`);
      if (status === 503 && body.includes('not_configured'))
        return [fault('the bridge has no authenticator: every webhook is refused', applyWith)];
      return [
        fault(
          `${webhookUrl} answered ${status} to a request without credentials, where the bridge answers 401`,
        ),
      ];
    } catch (error) {
      if (error instanceof HttpFault) return [fault(`${webhookUrl} cannot be reached: ${error.message}`)];
      throw error;
    }
  },
};
