/** Whether a name is yet to be filled in by a tool: `${{ values.name }}`, `{{cookiecutter.name}}`, `<service>`. */
export const isTemplateName = (name: string): boolean => /[{}$<]/.test(name);

/** Whether a text that is no YAML may be a template of one. */
export const looksLikeTemplate = (text: string): boolean => /\{\{|\{%|<%|\$\{/.test(text);
