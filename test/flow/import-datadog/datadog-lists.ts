import type { AskForPage } from '../../../lib/flow/import-datadog/newest-first.ts';

interface Listed {
  id: string;
  attributes: { started_at: string };
}

/** Datadog's list as it answers: no cursor, `to` inclusive, newest first, so many at most whatever is asked for. */
export function datadogLists({ items, cap }: { items: readonly Listed[]; cap: number }) {
  const server = {
    requests: 0,
    /** Answers nothing more from this request on. */
    breaksAfter: Number.POSITIVE_INFINITY,
    ask: (async ({ fromMs, toMs }) => {
      server.requests++;
      if (server.requests > server.breaksAfter) throw new Error('Datadog broke off');
      const ms = ({ attributes }: Listed) => Date.parse(attributes.started_at);
      return items
        .filter((each) => ms(each) >= fromMs && ms(each) <= toMs)
        .sort((a, b) => ms(b) - ms(a))
        .slice(0, cap);
    }) as AskForPage,
  };
  return server;
}
