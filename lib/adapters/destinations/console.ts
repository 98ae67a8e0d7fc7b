import type { ConsoleConfig } from './console-config.ts';
import { type EventPayload, renderEvent } from './event-payload.ts';
import { formatNamed } from './formats/formats.ts';
import type { DestinationKind } from './kind.ts';

/** Prints each event as one line: what a laptop shows, and on AWS a copy in the log. */
export const consoleKind: DestinationKind = {
  create(config, { print }) {
    const { name, events, format: formatName } = config as ConsoleConfig;
    const format = formatNamed(formatName);
    return {
      name,
      type: 'console',
      latestOnly: false,
      timeoutMs: 1000,
      render: (event) => renderEvent(event, format, events),
      async send(payload) {
        print((payload as EventPayload).body);
        return { outcome: 'delivered' };
      },
    };
  },
};
