import { Webhook } from 'standardwebhooks';
import { type Receiver, startReceiver } from '../../../lib/local/demo/receiver.ts';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver(secret);
});
afterEach(() => receiver.close());

interface Change {
  key?: string;
  at?: number;
  id?: string;
  body?: string;
  signature?: (signature: string) => string;
}

/** A request signed by the reference implementation, and then changed. */
function post({ key = secret, at = Date.now(), id = 'event-1', body, signature = (own) => own }: Change) {
  const sent = body ?? JSON.stringify({ id: 'event-1' });
  const signed = new Webhook(key).sign(id, new Date(at), sent);
  return fetch(receiver.url, {
    method: 'POST',
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at / 1000)),
      'webhook-signature': signature(signed),
    },
    body: sent,
  });
}

const otherKey = `whsec_${Buffer.alloc(32, 6).toString('base64')}`;

describe('the destination of the demo', () => {
  it.each<[string, Change]>([
    ['what is signed as it should be', {}],
    ['a signature beside others', { signature: (own) => `v1,AAAA v2,BBBB ${own}` }],
  ])('accepts %s', async (_, change) => {
    expect((await post(change)).status).toBe(204);
    expect(receiver.arrivals.map(({ event }) => event.id)).toEqual(['event-1']);
  });

  it.each<[string, Change, string]>([
    ['a signature by another secret', { key: otherKey }, 'the signature is wrong'],
    ['a request without a signature', { signature: () => '' }, 'the signature is wrong'],
    ['an old timestamp', { at: Date.now() - 3_600_000 }, 'the timestamp is not of now'],
    ['another id in the header than in the body', { id: 'event-2' }, 'the ids of header and body differ'],
    ['a body that is not JSON', { body: '{' }, 'the body is not JSON'],
  ])('refuses %s', async (_, change, fault) => {
    expect((await post(change)).status).toBe(400);
    expect(receiver.arrivals).toEqual([]);
    expect(receiver.refused).toEqual([fault]);
  });
});
