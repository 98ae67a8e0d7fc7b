import { currentGeneration, readGeneration } from '../../../store/catalog/reader.ts';
import { type Check, fault, ok, orOk, warning } from '../check.ts';

/** A live catalog is read every few hours; what is older than this is not read any more. */
const staleMs = 2 * 86_400_000;

export const catalog: Check = {
  name: 'catalog',
  async look({ config, store, clock }) {
    const generation = await readGeneration(store, await currentGeneration(store));
    const sources = Object.entries(generation?.sources ?? {});
    const size = sources.reduce((sum, [, { services, teams }]) => sum + services + teams, 0);
    if (size === 0) return [fault('it is empty: nothing can match', 'npx pdbridge catalog push PATH')];
    const live = (config.catalog_sources ?? []).map(({ name }) => name);
    const stale = live.filter((name) => {
      const pushedAt = sources.find(([source]) => source === name)?.[1].pushed_at;
      return pushedAt === undefined || clock.now() - Date.parse(pushedAt) > staleMs;
    });
    const pushed = sources.map(([name, { pushed_at }]) => `${name} of ${pushed_at}`).join(', ');
    if (stale.length === 0) return ok(`${size} entries, ${pushed}`);
    return orOk(
      stale.map((name) =>
        warning(`the live catalog ${name} was not read in two days`, `npx pdbridge catalog sync ${name}`),
      ),
      '',
    );
  },
};
