import { untold } from '../../../lib/domain/incident/untold.ts';

const noon = Date.parse('2026-06-20T12:00:00Z');
const at = (seconds: number) => noon + seconds * 1000;
const told = (id: string, type: string, seconds: number) => ({
  id,
  type,
  atMs: at(seconds),
  ordinal: 0,
  body: '',
});
const known = (eventId: string, eventType: string, seconds: number) => ({
  eventId,
  eventType,
  logKey: `${eventId}-key`,
  occurredAt: new Date(at(seconds)).toISOString(),
});

const acknowledged = 'incident.acknowledged';

describe('what nobody has told us', () => {
  it.each<[string, ReturnType<typeof told>[], ReturnType<typeof known>[], string[]]>([
    ['is all of it where nothing is in the log', [told('import:a', acknowledged, 0)], [], ['import:a']],
    [
      'is nothing where a webhook told it, to the millisecond',
      [told('import:a', acknowledged, 0)],
      [known('W', acknowledged, 0.7)],
      [],
    ],
    [
      'is nothing where an import told it',
      [told('import:a', acknowledged, 0)],
      [known('import:a', acknowledged, 0)],
      [],
    ],
    [
      'is nothing where webhooks are dated otherwise than anybody thought',
      [told('import:a', acknowledged, 0)],
      [known('W', acknowledged, 45)],
      [],
    ],
    [
      'is what happened at another time',
      [told('import:a', acknowledged, 0)],
      [known('W', acknowledged, 61)],
      ['import:a'],
    ],
    [
      'is what happened of another kind',
      [told('import:a', acknowledged, 0)],
      [known('W', 'incident.unacknowledged', 0)],
      ['import:a'],
    ],
    [
      'is both of two of one moment where one webhook came: which of them it told, nobody knows',
      [told('import:a', acknowledged, 0), told('import:b', acknowledged, 0)],
      [known('W', acknowledged, 0.6)],
      ['import:a', 'import:b'],
    ],
    [
      'is nothing of two of one moment where two webhooks came',
      [told('import:a', acknowledged, 0), told('import:b', acknowledged, 0)],
      [known('W', acknowledged, 0.2), known('X', acknowledged, 0.6)],
      [],
    ],
    [
      'is one of two where one webhook came, and the one further off',
      [told('import:a', acknowledged, 0), told('import:b', acknowledged, 30)],
      [known('W', acknowledged, 30.2)],
      ['import:a'],
    ],
    [
      'is nothing where an earlier import concluded it under another id',
      [told('import:b:reopen', 'incident.reopened', 3)],
      [known('import:a:reopen', 'incident.reopened', 0)],
      [],
    ],
  ])('%s', (_what, replayed, log, missing) => {
    expect(untold(replayed, log).map(({ id }) => id)).toEqual(missing);
  });
});
