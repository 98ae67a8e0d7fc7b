/** Stands where a number does not exist, and keeps why under the number's path in the report. */
export type Because = (path: string, reason: string) => null;

/** A share or quotient; of nothing there is none. */
export function quotient(
  because: Because,
  path: string,
  [dividend, divisor]: [number, number],
  whenNone: string,
): number | null {
  return divisor === 0 ? because(path, whenNone) : dividend / divisor;
}
