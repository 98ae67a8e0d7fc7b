import type { SourceFormat } from './entry.ts';
import type { DefinitionFormat } from './format.ts';
import { backstage } from './formats/backstage.ts';
import { datadogV1 } from './formats/datadog-v1.ts';
import { datadogV2 } from './formats/datadog-v2.ts';
import { datadogV21, datadogV22 } from './formats/datadog-v2-1.ts';
import { datadogV3 } from './formats/datadog-v3.ts';

/** Every format that can be read; at most one recognizes a document. */
export const formats: readonly DefinitionFormat[] = [
  datadogV1,
  datadogV2,
  datadogV21,
  datadogV22,
  datadogV3,
  backstage,
];

export function formatNamed(name: SourceFormat): DefinitionFormat {
  const format = formats.find((candidate) => candidate.name === name);
  if (format === undefined) throw new Error(`There is no definition format "${name}".`);
  return format;
}
