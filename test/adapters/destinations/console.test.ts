import { destinationOf, payloadOf } from './fake-context.ts';
import { annotated, triggered } from './incident-events.ts';

describe('the console', () => {
  it('prints each event as one line', async () => {
    const lines: string[] = [];
    const destination = destinationOf('{ name: c, type: console }', { print: (line) => lines.push(line) });
    expect(await destination.send(payloadOf(destination, triggered), 0)).toEqual({ outcome: 'delivered' });
    expect(lines.map((line) => JSON.parse(line))).toEqual([triggered]);
    expect(lines.join()).not.toContain('\n');
  });

  it('prints in the format it is configured for', async () => {
    const lines: string[] = [];
    const destination = destinationOf('{ name: c, type: console, format: cloudevents }', {
      print: (line) => lines.push(line),
    });
    await destination.send(payloadOf(destination, triggered), 0);
    expect(JSON.parse(lines[0] ?? '').type).toBe('com.pagerduty.incident.triggered');
  });

  it('skips what is filtered', () => {
    const destination = destinationOf('{ name: c, type: console, events: [incident.triggered] }');
    expect(destination.render(annotated, undefined)).toEqual({ skip: 'filtered' });
  });
});
