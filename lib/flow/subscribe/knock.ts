import { type Http, HttpFault } from '../../ports.ts';

const limitMs = 4_500;

/** `open`: a request without credentials comes through to the bridge and is refused by it. */
export type Knocked = { kind: 'open' } | { kind: 'not_configured' | 'elsewhere' | 'unreached'; says: string };

export async function knock(http: Http, webhookUrl: string): Promise<Knocked> {
  try {
    const { status, body } = await http.send({
      method: 'POST',
      url: webhookUrl,
      headers: { 'content-type': 'application/json' },
      body: '{}',
      timeoutMs: limitMs,
      allowPrivate: true,
    });
    if (status === 401 && body.includes('"unauthenticated"')) return { kind: 'open' };
    if (status === 503 && body.includes('not_configured'))
      return { kind: 'not_configured', says: 'the bridge has no authenticator: every webhook is refused' };
    const says = `${webhookUrl} answered ${status} to a request without credentials, where the bridge answers 401`;
    return { kind: 'elsewhere', says };
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    return { kind: 'unreached', says: `${webhookUrl} cannot be reached: ${error.message}` };
  }
}
