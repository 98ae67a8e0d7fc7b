import { knock } from '../../subscribe/knock.ts';
import { type Check, fault, ok, skipped } from '../check.ts';

/** A request without credentials must come through to the bridge, and be refused by it. */
export const frontDoor: Check = {
  name: 'front door',
  async look({ deployment: { webhookUrl, applyWith }, http }) {
    if (webhookUrl === undefined)
      return skipped('the address that PagerDuty sends to is not known', '--url URL');
    const knocked = await knock(http, webhookUrl);
    if (knocked.kind === 'open')
      return ok(`${webhookUrl} leads to the bridge, which refuses what is not signed`);
    return [knocked.kind === 'not_configured' ? fault(knocked.says, applyWith) : fault(knocked.says)];
  },
};
