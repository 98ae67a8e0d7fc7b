import { LineCounter, parseAllDocuments, type Document as YamlDocument } from 'yaml';
import type { Definition, Finding, ParsedDefinitions } from './definition.ts';
import type { Document } from './format.ts';
import { formats } from './formats.ts';
import { lineOf } from './line-of.ts';
import { unrecognized } from './unrecognized.ts';

/**
 * Reads a file of definitions: YAML with one or more documents, or JSON, which is YAML; a list counts as so many
 * documents. What is wrong with one document does not hide the others.
 */
export function parseDefinitions(file: string, text: string): ParsedDefinitions {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    merge: true,
    stringKeys: true,
  });
  const definitions: Definition[] = [];
  const findings: Finding[] = [];
  if (!Array.isArray(documents) || documents.length === 0) return { definitions, findings };
  for (const document of documents) {
    const parsed = parseDocument(file, document, lines);
    definitions.push(...parsed.definitions);
    findings.push(...parsed.findings);
  }
  return { definitions, findings };
}

function parseDocument(file: string, document: YamlDocument, lines: LineCounter): ParsedDefinitions {
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const { line } = lines.linePos(syntax.pos[0]);
    return fault({ severity: 'error', file, line, reason: `cannot be parsed: ${syntax.message}` });
  }
  const at = (path: readonly PropertyKey[]) => lineOf(document, lines, path);
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return fault({
      severity: 'error',
      file,
      line: at([]),
      reason: `cannot be parsed: ${(error as Error).message}`,
    });
  }
  if (content === null || content === undefined) return { definitions: [], findings: [] };
  const parts: [unknown, PropertyKey[]][] = Array.isArray(content)
    ? content.map((part, index) => [part, [index]])
    : [[content, []]];
  const read = parts.map(([part, path]) => readPart(file, part, path, at));
  return {
    definitions: read.flatMap((result) => result.definitions),
    findings: read.flatMap((result) => result.findings),
  };
}

function readPart(
  file: string,
  part: unknown,
  path: PropertyKey[],
  at: (path: readonly PropertyKey[]) => number,
): ParsedDefinitions {
  const line = at(path);
  if (part === null || typeof part !== 'object' || Array.isArray(part)) {
    return fault({
      severity: 'error',
      file,
      line,
      reason: 'is not a definition: a mapping of keys to values is expected',
    });
  }
  const document = part as Document;
  const format = formats.find((candidate) => candidate.recognizes(document));
  const { entries, problems } = format?.read(document) ?? { entries: [], problems: [unrecognized(document)] };
  const of = format === undefined ? '' : ` (${format.title})`;
  return {
    definitions: entries.map((entry) => ({ entry, file, line })),
    findings: problems.map((problem) => ({
      severity: problem.severity,
      file,
      line: at([...path, ...problem.path]),
      reason: `${problem.reason}${of}`,
    })),
  };
}

function fault(finding: Finding): ParsedDefinitions {
  return { definitions: [], findings: [finding] };
}
