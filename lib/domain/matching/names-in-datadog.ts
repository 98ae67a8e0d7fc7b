import type { CatalogService } from '../catalog/entry.ts';
import { sameName } from '../catalog/names.ts';

/** What Datadog calls these services, in their order; undefined where it calls all of them the same. */
export function namesInDatadog(
  services: readonly string[],
  found: readonly CatalogService[],
): string[] | undefined {
  const names = services.map(
    (name) =>
      found.find((service) => sameName(service.name, name) && service.datadogName)?.datadogName ?? name,
  );
  return names.some((name, at) => name !== services[at]) ? names : undefined;
}

/** Datadog's handle of the team, as one of these services' definitions gives it; undefined where that is its name. */
export function teamInDatadog(
  team: string | undefined,
  found: readonly CatalogService[],
): string | undefined {
  const owned = found.find((service) => service.teamHandle !== undefined && sameName(service.team, team));
  return owned?.teamHandle;
}
