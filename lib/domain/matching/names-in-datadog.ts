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
