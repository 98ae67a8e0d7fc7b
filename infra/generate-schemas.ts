/** Writes the published JSON Schemas anew: `npx tsx infra/generate-schemas.ts`. A test fails while they are not current. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bridgeJsonSchema } from '../lib/adapters/config/bridge-json-schema.ts';
import { deploymentEventJsonSchema } from '../lib/domain/deployment/deployment-event-schema.ts';
import { incidentEventJsonSchema } from '../lib/domain/incident/incident-event-schema.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const published: Record<string, () => unknown> = {
  'infra/bridge.schema.json': bridgeJsonSchema,
  'lib/domain/deployment/deployment-event.schema.json': deploymentEventJsonSchema,
  'lib/domain/incident/incident-event.schema.json': incidentEventJsonSchema,
};

for (const [path, schema] of Object.entries(published)) {
  writeFileSync(`${root}${path}`, `${JSON.stringify(schema(), null, 2)}\n`);
  console.log(`Wrote ${path}`);
}
execFileSync('npx', ['biome', 'format', '--write', ...Object.keys(published)], {
  cwd: root,
  stdio: 'inherit',
});
