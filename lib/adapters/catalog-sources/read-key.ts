import { type SourceDeps, SourceFault } from './source.ts';

/** The secret behind a reference; of several, kept for rotation, the first. */
export async function readKey({ secrets }: SourceDeps, reference: string): Promise<string> {
  const values = await secrets.read(reference).catch((cause: Error) => {
    throw new SourceFault(`${reference} cannot be read: ${cause.message}`, { cause });
  });
  const [value] = values;
  if (value === undefined) throw new SourceFault(`${reference} is empty`);
  return value;
}
