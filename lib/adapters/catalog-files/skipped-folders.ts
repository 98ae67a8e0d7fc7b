/** Where tools keep what is theirs; a person would not look for definitions there. */
const toolFolders = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  'bower_components',
  '__pycache__',
  '.aws-sam',
  '.cache',
  '.gradle',
  '.idea',
  '.next',
  '.nuxt',
  '.pnpm-store',
  '.serverless',
  '.terraform',
  '.tox',
  '.venv',
  '.vscode',
  '.yarn',
]);

/**
 * Why a file or folder is left out by its name and what lies beside it: tools' folders, what a scaffolder of
 * Backstage makes new repositories from (`skeleton` beside `template.yaml`), and names that cookiecutter and its
 * like have yet to fill in. Undefined if it is looked at.
 */
export function whySkipped(name: string, beside: ReadonlySet<string>): string | undefined {
  if (toolFolders.has(name)) return 'belongs to a tool';
  if (name.includes('{{')) return 'is a template of a scaffolder';
  if (name === 'skeleton' && (beside.has('template.yaml') || beside.has('template.yml'))) {
    return 'is what a scaffolder makes new repositories from';
  }
  return undefined;
}
