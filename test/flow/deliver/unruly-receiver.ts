import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived, whatever was made of it. */
export interface Arrival {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** The receiver took it in, whether or not its answer got through. */
  accepted: boolean;
}

export interface Behaviour {
  /** The receiver processes the event before it behaves like this. */
  accepts: boolean;
  answer(response: ServerResponse): void;
}

export interface UnrulyReceiver {
  url: string;
  arrivals: Arrival[];
  /** Ids of the accepted events, each where it was accepted first. */
  firstReceipts(): string[];
  /** The next requests are treated like this, then all are well again. */
  next(...behaviours: Behaviour[]): void;
  /** From now on every request without a behaviour of its own is treated as this says. */
  always(behave: (arrival: Arrival) => Behaviour): void;
  /** Called when a request has arrived, before it is answered. */
  onArrival(look: (arrival: Arrival) => void): void;
  close(): Promise<void>;
}

export const fine: Behaviour = { accepts: true, answer: (response) => void response.writeHead(204).end() };

export const status = (
  code: number,
  headers: Record<string, string> = {},
  body = `status ${code}`,
): Behaviour => ({
  accepts: false,
  answer: (response) => void response.writeHead(code, headers).end(body),
});

/** Takes the request and says nothing. */
export const hang: Behaviour = { accepts: false, answer: () => {} };

/** Says 200 at once and dribbles a body that does not end. */
export const slowBody: Behaviour = {
  accepts: true,
  answer(response) {
    response.writeHead(200, { 'content-type': 'text/plain' });
    const timer = setInterval(() => response.write('.'), 20);
    response.on('close', () => clearInterval(timer));
  },
};

/** The connection breaks before a word of an answer. */
export const resetUnread: Behaviour = {
  accepts: false,
  answer: (response) => void response.socket?.destroy(),
};

/** The event is taken in, then the connection breaks: the sender cannot know. */
export const resetAfterwards: Behaviour = {
  accepts: true,
  answer: (response) => void response.socket?.resetAndDestroy(),
};

/** Wants to go on in another protocol; Node tells of it by no more than the end of the request. */
export const switchesProtocol: Behaviour = {
  accepts: false,
  answer: (response) =>
    void response.socket?.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    ),
};

/** A real HTTP server on a free port that does as it is told, and remembers every request. */
export async function startUnrulyReceiver(): Promise<UnrulyReceiver> {
  const arrivals: Arrival[] = [];
  const planned: Behaviour[] = [];
  const looks: ((arrival: Arrival) => void)[] = [];
  let otherwise: (arrival: Arrival) => Behaviour = () => fine;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const arrival: Arrival = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        accepted: false,
      };
      const behaviour = planned.shift() ?? otherwise(arrival);
      arrival.accepted = behaviour.accepts;
      arrivals.push(arrival);
      for (const look of looks) look(arrival);
      behaviour.answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    arrivals,
    firstReceipts: () => [
      ...new Set(
        arrivals.filter(({ accepted }) => accepted).map(({ headers }) => String(headers['webhook-id'])),
      ),
    ],
    next: (...behaviours) => {
      planned.push(...behaviours);
    },
    always: (behave) => {
      otherwise = behave;
    },
    onArrival: (look) => {
      looks.push(look);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
