import type { Finding, ParsedDefinitions, Template } from './definition.ts';
import { entryIdentity } from './entry.ts';
import type { Document, Problem, Reading, ReadText } from './format.ts';
import { formats } from './formats.ts';
import { inherit } from './inherit.ts';
import { largeJson } from './json-content.ts';
import { isTemplateName, looksLikeTemplate } from './template-names.ts';
import { unrecognized } from './unrecognized.ts';
import { type Part, unwrap } from './unwrap.ts';
import { type Content, yamlContents } from './yaml-content.ts';

/**
 * Reads a text of definitions: YAML with one or more documents, or JSON; lists and the answers of Backstage's and
 * Datadog's APIs count as so many documents. What is wrong with one document does not hide the others. `file` is
 * how findings name it.
 */
export function parseDefinitions(file: string, text: string, readText?: ReadText): ParsedDefinitions {
  const withoutMark = text.replace(/^\uFEFF/, '');
  const json = largeJson(withoutMark);
  const contents = json === undefined ? yamlContents(withoutMark) : [json];
  const read = readContents(file, contents, readText);
  const faults = contents.filter((content) => 'fault' in content);
  if (faults.length === 0 || faults.some(({ tooMuch }) => tooMuch) || !looksLikeTemplate(text)) return read;
  // What a tool fills in is often no YAML before that; what can be read of it is kept.
  const templates: Template[] = faults.map(({ line }) => ({ file, line }));
  return {
    ...read,
    findings: read.findings.filter(({ reason }) => !reason.startsWith(unparsed)),
    unread: [],
    templates: [...read.templates, ...templates],
  };
}

const unparsed = 'cannot be parsed: ';

function readContents(
  file: string,
  contents: readonly Content[],
  readText: ReadText | undefined,
): ParsedDefinitions {
  const results = contents.map((content) => {
    if ('fault' in content) {
      const finding = {
        severity: 'error',
        file,
        line: content.line,
        reason: `${unparsed}${content.fault}`,
      } as const;
      return { ...nothing, findings: [finding], unread: [{ file }], exported: false };
    }
    if (content.value === null || content.value === undefined) return { ...nothing, exported: false };
    const parts = unwrap(content.value);
    const exported = parts.some((part) => part.exported);
    return { ...together(parts.map((part) => readPart(file, part, content.lineAt, readText))), exported };
  });
  const all = together(results);
  const inherited = inherit(
    all.definitions,
    results.some(({ exported }) => exported),
  );
  return { ...all, definitions: inherited.definitions, findings: [...all.findings, ...inherited.findings] };
}

const nothing: ParsedDefinitions = { definitions: [], findings: [], unread: [], templates: [] };

function together(results: readonly ParsedDefinitions[]): ParsedDefinitions {
  return {
    definitions: results.flatMap(({ definitions }) => definitions),
    findings: results.flatMap(({ findings }) => findings),
    unread: results.flatMap(({ unread }) => unread),
    templates: results.flatMap(({ templates }) => templates),
  };
}

function readPart(
  file: string,
  { value, path }: Part,
  lineAt: (path: readonly PropertyKey[]) => number,
  readText: ReadText | undefined,
): ParsedDefinitions {
  const line = lineAt(path);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    const reason = 'is not a definition: a mapping of keys to values is expected';
    return { ...nothing, findings: [{ severity: 'note', file, line, reason }] };
  }
  const document = value as Document;
  const format = formats.find((candidate) => candidate.recognizes(document));
  const { entries, problems, inheritance }: Reading = format?.read(document, readText) ?? {
    entries: [],
    problems: [unrecognized(document)],
  };
  const of = format === undefined ? '' : ` (${format.title})`;
  const templates = entries
    .filter(({ name }) => isTemplateName(name))
    .map(({ name }) => ({ file, line, name }));
  if (templates.length > 0) return { ...nothing, templates };
  const faulty = problems.some(({ severity }) => severity === 'error');
  const identities = faulty && format !== undefined ? identitiesWithout(document, problems, format.read) : [];
  return {
    definitions: faulty
      ? []
      : entries.map((entry) => ({
          entry,
          file,
          line,
          ...(inheritance === undefined ? {} : { inheritance }),
        })),
    findings: problems.map(
      (problem): Finding => ({
        severity: problem.severity,
        file,
        line: lineAt([...path, ...problem.path]),
        reason: `${problem.reason}${of}`,
      }),
    ),
    unread: !faulty
      ? []
      : identities.length > 0
        ? identities.map((identity) => ({ file, identity }))
        : [{ file }],
    templates: [],
  };
}

/** Which entries a faulty document means: what is left of it without its faults may still be named. */
function identitiesWithout(
  document: Document,
  problems: readonly Problem[],
  read: (document: Document) => Reading,
): string[] {
  let rest: unknown = document;
  for (const { severity, path } of problems) if (severity === 'error') rest = without(rest, path);
  return read(rest as Document).entries.map(entryIdentity);
}

function without(value: unknown, path: readonly PropertyKey[]): unknown {
  const [step, ...further] = path;
  if (step === undefined || typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
    return value;
  const copy: Record<PropertyKey, unknown> = { ...value };
  if (further.length === 0) delete copy[step];
  else copy[step] = without(copy[step], further);
  return copy;
}
