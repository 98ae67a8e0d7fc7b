import { formats } from '../../domain/catalog/formats.ts';

/** What makes a file one of definitions by its name alone, wherever it lies. */
const certainName = /^(?:(?:service|entity)\.datadog|catalog-info)\.(?:ya?ml|json)$/i;

export const isDefinitionName = (name: string): boolean => certainName.test(name);

/** Whether a text, or the beginning of one, has a definition in it as far as can be seen without parsing it. */
export function showsDefinition(text: string): boolean {
  return formats.some(({ marks }) => marks.every((mark) => mark.test(text)));
}
