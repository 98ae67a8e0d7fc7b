import type { RunningVersion } from '../deployment/versions/running-version.ts';
import type { Attributes } from './attributes.ts';
import { resourcesInJson } from './json.ts';
import { resourcesInProtobuf } from './protobuf.ts';
import { runningVersions } from './running-versions.ts';

export type Encoding = 'json' | 'protobuf';

/** `fault`: why it is no export, in a sentence. */
export type Export =
  | { kind: 'export'; resources: number; versions: RunningVersion[] }
  | { kind: 'fault'; fault: string };

const openingBrace = 0x7b;

/**
 * In which of OTLP's two encodings a body is. By its first byte where the content type does not tell: protobuf never
 * begins with a brace, which would be a field 15 of a type that OTLP does not use.
 */
export function encodingOf(contentType: string | undefined, body: Uint8Array): Encoding {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return 'json';
  if (type === 'application/x-protobuf') return 'protobuf';
  return body[0] === openingBrace ? 'json' : 'protobuf';
}

/** Reads what is running out of an export of traces, metrics or logs. Never throws. */
export function readExport(body: Uint8Array, encoding: Encoding): Export {
  try {
    const resources = encoding === 'json' ? inJson(body) : resourcesInProtobuf(body);
    return { kind: 'export', resources: resources.length, versions: runningVersions(resources) };
  } catch (error) {
    const what = encoding === 'json' ? 'OTLP in JSON' : 'OTLP in protobuf';
    const why = error instanceof Error ? error.message.replace(/\.$/, '') : 'unreadable';
    return { kind: 'fault', fault: `The body is no ${what}: ${why}.` };
  }
}

const inJson = (body: Uint8Array): Attributes[] => resourcesInJson(new TextDecoder().decode(body));
