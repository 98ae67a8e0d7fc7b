import { type Io, wrongUsage } from './io.ts';

export interface WideOptions {
  output?: string;
}

export const wideOption = ['-o, --output <how>', 'wide: every column, nothing cut'] as const;

/** How wide a table may be; undefined for as wide as it is. */
export function widthOf({ output }: WideOptions, io: Io): number | undefined {
  if (output === undefined) return io.columns;
  if (output === 'wide') return undefined;
  throw wrongUsage(`-o is wide, not "${output}". --json prints JSON.`);
}
