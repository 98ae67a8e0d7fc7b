import type * as z from 'zod';
import type { DestinationConfig } from '../destinations/destination-config.ts';
import { kindConfigs } from '../destinations/kind-configs.ts';
import { withLanes } from '../destinations/lanes.ts';
import { tellsFailures } from '../destinations/tells-failures.ts';
import type { BridgeConfig, ConfigFault } from './bridge-config.ts';
import { bridgeSchema } from './bridge-schema.ts';
import { crossChecks } from './cross-checks.ts';
import { type Explained, explainIssue } from './explain-issue.ts';
import { showGiven } from './show-given.ts';
import { warningsOf } from './warnings.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

export type ParsedBridgeConfig =
  | { config: BridgeConfig; faults?: never; warnings: ConfigFault[] }
  | { config?: never; faults: ConfigFault[]; warnings?: never };

/** Reads bridge.yml strictly. Every fault says where it is and what to write instead; none repeats a secret. */
export function parseBridgeConfig(text: string): ParsedBridgeConfig {
  const yaml = readYaml(text);
  if (yaml.faults.length > 0) return { faults: yaml.faults };

  // `authenticate:` with everything under it commented out is null in YAML and means "not set".
  const value = withoutNulls(yaml.value ?? {});
  const whole = bridgeSchema.safeParse(value, { reportInput: true });
  const faults = whole.success ? [] : faultsOf(whole.error, [], bridgeSchema, yaml);

  const destinations = destinationsIn(value).map((destination, index) => {
    const kind = kindConfigs.find(({ type }) => type === destination['type']);
    const parsed = kind?.schema.safeParse(destination, { reportInput: true });
    if (parsed?.error && kind)
      faults.push(...faultsOf(parsed.error, ['destinations', index], kind.schema, yaml));
    return parsed?.data as DestinationConfig | undefined;
  });
  if (!whole.success || faults.length > 0) return { faults: inOrder(faults) };

  const config = {
    ...whole.data,
    destinations: destinations
      .filter((each) => each !== undefined)
      .map((each) => withCounts(each, whole.data.counts)),
  } as BridgeConfig;
  const placed = ({ path, message }: Explained) => fault(path, message, yaml);
  const crossFaults = crossChecks(config).map(placed);
  if (crossFaults.length > 0) return { faults: inOrder(crossFaults) };
  const warnings = inOrder(warningsOf(config).map(placed));
  return { config: { ...config, destinations: withLanes(config.destinations) }, warnings };
}

/** `bridge.yml:12 destinations[0].url must begin with https://` */
export function describeFault(fault: ConfigFault, file: string): string {
  const place = fault.line === undefined ? file : `${file}:${fault.line}`;
  return fault.path ? `${place} ${fault.path}: ${fault.message}` : `${place} ${fault.message}`;
}

/** Who is told of failures is told of those that count. */
function withCounts(destination: DestinationConfig, counts: BridgeConfig['counts']): DestinationConfig {
  return counts && tellsFailures(destination) ? { ...destination, counts } : destination;
}

function faultsOf(
  error: z.ZodError,
  prefix: PropertyKey[],
  schema: z.ZodObject,
  yaml: YamlDocument,
): ConfigFault[] {
  return error.issues
    .flatMap((issue) => explainIssue(issue, (path) => keysAt(schema, path), elsewhere))
    .map(({ path, message }) => fault([...prefix, ...path], message, yaml));

  /** What stands at the top and belongs to a destination. */
  function elsewhere(path: PropertyKey[], key: string): string | undefined {
    const ofDestinations = kindConfigs.some((kind) => Object.hasOwn(kind.schema.shape, key));
    if (schema !== bridgeSchema || path.length > 0 || !ofDestinations) return undefined;
    const forAll = key === 'only' ? '; what is to hold for all that are told of failures is `counts`' : '';
    return `; it belongs to a destination, below destinations:${forAll}`;
  }
}

function fault(path: PropertyKey[], message: string, yaml: YamlDocument): ConfigFault {
  return { path: pathText(path), line: yaml.lineOf(path), message };
}

/** The keys a schema knows at a path, for "did you mean". */
function keysAt(schema: z.ZodObject, path: PropertyKey[]): string[] {
  let inner: unknown = schema;
  for (const step of path) {
    // A list's items have no names; unwrapping has led to what they are.
    if (typeof step !== 'number') inner = unwrapped((inner as z.ZodObject).shape?.[String(step)]);
  }
  return Object.keys((inner as z.ZodObject).shape ?? {});
}

function unwrapped(schema: unknown): unknown {
  const wrapper = schema as { unwrap?: () => unknown; options?: unknown[] } | undefined;
  // Of a union, the first stands for all: they differ in being one or a list.
  const [option] = Array.isArray(wrapper?.options) ? wrapper.options : [];
  if (option instanceof Object) return unwrapped(option);
  return wrapper?.unwrap ? unwrapped(wrapper.unwrap()) : (schema ?? {});
}

function destinationsIn(value: unknown): Record<string, unknown>[] {
  const list = (value as { destinations?: unknown } | null)?.destinations;
  const isMapping = (each: unknown) => typeof each === 'object' && each !== null && !Array.isArray(each);
  return Array.isArray(list) ? list.map((each) => (isMapping(each) ? each : {})) : [];
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)]));
}

const inOrder = (faults: ConfigFault[]): ConfigFault[] =>
  faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));

function pathText(path: PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : `${text ? `${text}.` : ''}${showGiven(String(step))}`,
    '',
  );
}
