import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Attributes of one resource: text, whole numbers, booleans. */
export type Resource = Record<string, string | number | boolean>;

const { LengthDelimited, Varint } = WireType;

/** An export as an SDK or a collector sends it in protobuf; beside each resource `payload` bytes of telemetry. */
export function protobufExport(resources: readonly Resource[], payload = 16): Uint8Array {
  const writer = new BinaryWriter();
  for (const resource of resources) {
    writer.tag(1, LengthDelimited).fork();
    writer.tag(1, LengthDelimited).fork();
    for (const [key, value] of Object.entries(resource)) {
      writer.tag(1, LengthDelimited).fork();
      writer.tag(1, LengthDelimited).string(key);
      writer.tag(2, LengthDelimited).fork();
      if (typeof value === 'string') writer.tag(1, LengthDelimited).string(value);
      else if (typeof value === 'number') writer.tag(3, Varint).int64(value);
      else writer.tag(2, Varint).bool(value);
      writer.join().join();
    }
    writer.join();
    writer.tag(2, LengthDelimited).bytes(new Uint8Array(payload).fill(0xff));
    writer.tag(3, LengthDelimited).string('https://opentelemetry.io/schemas/1.30.0');
    writer.join();
  }
  return writer.finish();
}

/** The same in OTLP's JSON, under the key of its signal. */
export function jsonExport(
  resources: readonly Resource[],
  signal: 'resourceSpans' | 'resourceMetrics' | 'resourceLogs' = 'resourceSpans',
): Uint8Array {
  const parts = resources.map((resource) => ({
    resource: {
      attributes: Object.entries(resource).map(([key, value]) => ({ key, value: anyValue(value) })),
    },
    scopeSpans: [{ spans: [{ name: 'GET /cart', startTimeUnixNano: '1767225600000000001' }] }],
  }));
  return new TextEncoder().encode(JSON.stringify({ [signal]: parts }));
}

function anyValue(value: Resource[string]) {
  if (typeof value === 'string') return { stringValue: value };
  return typeof value === 'number' ? { intValue: String(value) } : { boolValue: value };
}
