import { jsonResponse } from '../../../lib/adapters/incoming-http/request.ts';
import { service } from '../../../lib/domain/subject/service.ts';
import { receiveFrom } from '../../../lib/flow/receive/receive-from.ts';
import type { Outcome, Source } from '../../../lib/flow/receive/source.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { scan } from '../../../lib/store/database/request.ts';
import { tableDefinitions } from '../../../lib/store/database/table-definitions.ts';
import { createMemoryDynamoDb } from '../../simulation/dynamodb/memory-dynamodb.ts';
import { createTestClock, createTestTelemetry } from '../../support/bridge.ts';

/** A sender of another kind: a token in the query's place, a line of text an event, answers of its own. */
const lines: Source = {
  configured: true,
  methods: ['POST'],
  maxBodyBytes: 40,
  answerWithinMs: 3_000,
  authenticate: async ({ headers }) =>
    headers['token'] === undefined ? 'stranger' : headers['token'] === 'good' ? 'authentic' : 'mismatch',
  read: ({ rawBody }) => {
    const text = new TextDecoder().decode(rawBody);
    if (text === 'hello') return { kind: 'answered', answer: jsonResponse(200, { hello: true }) };
    if (text === '') return { kind: 'unreadable', reason: 'It is empty.' };
    const events = text.split('\n').map((name) => ({
      subject: service.key(name),
      eventId: name,
      eventType: 'service.seen',
      occurredAtMs: Date.UTC(2026, 2, 2),
      body: name,
    }));
    if (text !== 'later') return { kind: 'events', events };
    return Promise.resolve({ kind: 'events', events, answer: jsonResponse(200, { its: 'own' }) });
  },
  contextOf: ({ headers }) => (headers['delivery'] ? { webhookId: headers['delivery'] } : {}),
  answer: (outcome: Outcome) => jsonResponse(outcome.kind === 'written' ? 200 : 403, { ...outcome }),
  whenMismatched: 'check the token',
  noun: 'line',
  counted: {
    received: 'IngestReceived',
    duplicate: 'IngestDuplicate',
    refused: 'IngestRefused',
    unauthenticated: 'IngestUnauthenticated',
    mismatched: 'IngestMismatches',
    quarantined: 'WebhooksQuarantined',
    failed: 'IngestFailed',
  },
};

function start(source: Source = lines, breakAt = Number.POSITIVE_INFINITY) {
  const memory = createMemoryDynamoDb(tableDefinitions, (name) => name);
  let puts = 0;
  const store: Store = {
    db: {
      send: async (command) => {
        puts += 1;
        if (puts === breakAt) throw new Error('DynamoDB is down');
        return memory.send(command);
      },
    },
    table: (name) => name,
  };
  const telemetry = createTestTelemetry();
  const clock = createTestClock();
  const receive = receiveFrom(source, { store, clock, telemetry, config: { retention_days: 400 } });
  const post = async (body: string, headers: Record<string, string> = { token: 'good' }, method = 'POST') => {
    const rawBody = new TextEncoder().encode(body);
    const { status, body: answer } = await receive({ method, headers, rawBody, arrivedAtMs: clock.now() });
    return { status, ...JSON.parse(answer) };
  };
  const logged = async () =>
    (await scan({ ...store, db: memory }, 'events')).map((row) => String(row['incident_id'])).sort();
  return { post, logged, telemetry };
}

describe('a source of any kind', () => {
  it.each<[string, string, Record<string, string>, string, Outcome['kind']]>([
    ['without credentials', 'A', {}, 'POST', 'unauthenticated'],
    ['with wrong ones', 'A', { token: 'bad' }, 'POST', 'authentication_failed'],
    ['with another method', 'A', { token: 'good' }, 'PUT', 'method_not_allowed'],
    ['with too long a body', 'A'.repeat(41), { token: 'good' }, 'POST', 'body_too_large'],
    ['that cannot be read', '', { token: 'good' }, 'POST', 'quarantined'],
  ])('answers a request %s in its own way', async (_what, body, headers, method, kind) => {
    const { post, logged } = start();
    expect(await post(body, headers, method)).toEqual({ status: 403, kind });
    expect(await logged()).toEqual(kind === 'quarantined' ? [expect.stringMatching(/^quarantine:/)] : []);
  });

  it('refuses everything while it has no credentials to compare with', async () => {
    const { post, logged } = start({ ...lines, configured: false });
    expect(await post('A')).toEqual({ status: 403, kind: 'not_configured' });
    expect(await logged()).toEqual([]);
  });

  it('writes each event of a request once, and says of each what it was', async () => {
    const { post, logged, telemetry } = start();
    await post('B');
    expect(await post('A\nB')).toEqual({
      status: 200,
      kind: 'written',
      events: [
        { eventId: 'A', status: 'accepted' },
        { eventId: 'B', status: 'duplicate' },
      ],
    });
    expect(await logged()).toEqual(['service:A', 'service:B']);
    expect(telemetry.count('IngestDuplicate')).toBe(1);
  });

  it('accepts nothing when one of several events cannot be written, and takes the rest when sent again', async () => {
    const { post, logged } = start(lines, 2);
    expect(await post('A\nB')).toEqual({ status: 403, kind: 'unavailable' });
    expect(await logged()).toEqual(['service:A']);
    expect(await post('A\nB')).toMatchObject({ status: 200, events: [{ status: 'duplicate' }, {}] });
    expect(await logged()).toEqual(['service:A', 'service:B']);
  });

  it('may have an answer of its own for what is nothing to write down', async () => {
    const { post, logged } = start();
    expect(await post('hello')).toEqual({ status: 200, hello: true });
    expect(await logged()).toEqual([]);
  });

  it('may take its time to read, and answer what it likes to what is written', async () => {
    const { post, logged } = start();
    expect(await post('later')).toEqual({ status: 200, its: 'own' });
    expect(await logged()).toEqual(['service:later']);
  });

  it('says in the log what to check when credentials do not match, and which request it was', async () => {
    const { post, telemetry } = start();
    await post('A', { token: 'bad', delivery: 'D1' });
    expect(telemetry.lines).toMatchObject([
      {
        level: 'warn',
        message: 'authentication failed: check the token',
        fields: { webhook_id: 'D1' },
      },
    ]);
  });
});
