/** What makes a file one of definitions by its name alone, wherever it lies. */
const certainName = /^(?:(?:service|entity)\.datadog|catalog-info)\.(?:ya?ml|json)$/i;

const marks = [
  /dd-service["']?\s*:/,
  // Datadog's other tools say v1.
  /schema-version["']?\s*:\s*["']?v2(?:\.\d)?["']?\s*(?:[,}\r\n#]|$)/i,
  /apiVersion["']?\s*:\s*["']?(?:[\w-]+\.)*backstage\.io\//i,
];
const v3 = /apiVersion["']?\s*:\s*["']?v3["']?\s*(?:[,}\r\n#]|$)/i;
const v3Parts = [/kind["']?\s*:/, /metadata["']?\s*:/];

export const isDefinitionName = (name: string): boolean => certainName.test(name);

/** Whether a text, or the beginning of one, has a definition in it as far as can be seen without parsing it. */
export function showsDefinition(text: string): boolean {
  return marks.some((mark) => mark.test(text)) || (v3.test(text) && v3Parts.every((part) => part.test(text)));
}
