import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { type AttributeName, type Attributes, isRead } from './attributes.ts';

/*
 * What is read of an export of traces, metrics or logs, whose outer messages have the same numbers in all three;
 * everything else is passed over by its length, however large it is.
 *
 *   Export…ServiceRequest ─1*─▶ Resource{Spans,Metrics,Logs} ─1─▶ Resource ─1*─▶ KeyValue ─1─▶ key
 *                                                                                    └──2─▶ AnyValue ─1─▶ text
 *                                                                                              └────3─▶ whole number
 * https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto
 */

type Visit = (field: number, wireType: WireType) => boolean;

/** The attributes of each resource. Throws for what is not protobuf. */
export function resourcesInProtobuf(bytes: Uint8Array): Attributes[] {
  const reader = new BinaryReader(bytes);
  const resources: Attributes[] = [];
  eachField(reader, bytes.length, (field, wireType) => {
    if (field !== 1) return false;
    const attributes = new Map<AttributeName, string>();
    message(reader, wireType, (inner, innerType) => {
      if (inner !== 1) return false;
      message(
        reader,
        innerType,
        (part, partType) => part === 1 && readAttribute(reader, partType, attributes),
      );
      return true;
    });
    resources.push(attributes);
    return true;
  });
  return resources;
}

function readAttribute(reader: BinaryReader, wireType: WireType, into: Map<AttributeName, string>): true {
  let key = '';
  let valueAt: number | undefined;
  message(reader, wireType, (field, type) => {
    if (field === 1) {
      expectLength(type);
      key = reader.string();
    } else if (field === 2) {
      expectLength(type);
      valueAt = reader.pos;
      reader.skip(type);
    } else return false;
    return true;
  });
  if (valueAt === undefined || !isRead(key)) return true;
  // Only now: fields may come in any order, and most values are of no interest.
  const after = reader.pos;
  reader.pos = valueAt;
  const text = readText(reader);
  reader.pos = after;
  if (text !== undefined) into.set(key, text);
  return true;
}

/** Text as it is, a whole number in digits; nothing for booleans, fractions, lists and maps. */
function readText(reader: BinaryReader): string | undefined {
  let text: string | undefined;
  message(reader, WireType.LengthDelimited, (field, type) => {
    if (field === 1) {
      expectLength(type);
      text = reader.string();
    } else if (field === 3 && type === WireType.Varint) text = String(reader.int64());
    else return false;
    return true;
  });
  return text;
}

function message(reader: BinaryReader, wireType: WireType, visit: Visit): void {
  expectLength(wireType);
  const length = reader.uint32();
  eachField(reader, reader.pos + length, visit);
}

/** `visit` reads a field or says that it is to be passed over. */
function eachField(reader: BinaryReader, end: number, visit: Visit): void {
  if (end > reader.len) throw new RangeError('a message is longer than what it is in');
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (!visit(field, wireType)) reader.skip(wireType, field);
  }
  if (reader.pos > end) throw new RangeError('a field is longer than the message it is in');
}

function expectLength(wireType: WireType): void {
  if (wireType !== WireType.LengthDelimited) throw new TypeError('a field is of another type than OTLP says');
}
