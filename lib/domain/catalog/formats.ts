import { type SourceFormat, sourceFormats } from './entry.ts';
import type { DefinitionFormat } from './format.ts';
import { backstage } from './formats/backstage.ts';
import { datadogV1 } from './formats/datadog-v1.ts';
import { datadogV2 } from './formats/datadog-v2.ts';
import { datadogV21, datadogV22 } from './formats/datadog-v2-1.ts';
import { datadogV3 } from './formats/datadog-v3.ts';

/** A name without a reader, or a reader without a name, does not compile. */
const byName: { [Name in SourceFormat]: DefinitionFormat<Name> } = {
  'datadog-v1': datadogV1,
  'datadog-v2': datadogV2,
  'datadog-v2.1': datadogV21,
  'datadog-v2.2': datadogV22,
  'datadog-v3': datadogV3,
  backstage,
};

/** Every format that can be read; at most one recognizes a document. */
export const formats: readonly DefinitionFormat[] = sourceFormats.map((name) => byName[name]);

export const formatNamed = (name: SourceFormat): DefinitionFormat => byName[name];
