const shortestCommit = 7;

/** Some tools tell the first digits of a commit only. */
export function sameCommit(a: string, b: string): boolean {
  const [short = '', long = ''] = [a.toLowerCase(), b.toLowerCase()].sort((x, y) => x.length - y.length);
  return short === long || (short.length >= shortestCommit && long.startsWith(short));
}
