/**
 * The words of a command as a shell would see them: quotes taken off, `$NAME` filled in. Anything a shell does
 * beyond that is refused, so that no command shown is run otherwise than its reader would run it.
 */
export function shellWords(line: string, variables: Record<string, string>): string[] {
  if (/[;&|<>`*]|\$\(/.test(line)) throw new Error(`More than words and variables: ${line}`);
  const words: string[] = [];
  for (const [, literal, quoted, plain] of line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)) {
    words.push(literal ?? fill(quoted ?? plain ?? '', variables));
  }
  return words;
}

function fill(text: string, variables: Record<string, string>): string {
  return text.replace(/\$([A-Z_]+)/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`$${name} is not explained`);
    return value;
  });
}
