import { type Check, type DoctorDeps, type Finding, fault, orOk, warning } from '../check.ts';

/** Shorter is guessed, or is not the whole. */
const leastLength = 16;
/** What the steps of deploying store before the real one is known. */
const placeholder = /^not[- ]yet[- ]known$/i;

export const secrets: Check = {
  name: 'secrets',
  async look({ secretUses, secrets: readers }) {
    const found = await Promise.all(secretUses.map((use) => lookAt(use, readers)));
    return orOk(found.flat(), `${secretUses.length} can be read and look like secrets`);
  },
};

async function lookAt(
  { path, reference }: DoctorDeps['secretUses'][number],
  readers: DoctorDeps['secrets'],
): Promise<Finding[]> {
  const store = `aws ssm put-parameter --overwrite --type SecureString --name ${reference.slice(4)} --value …`;
  const next = reference.startsWith('ssm:') ? store : `set ${reference.slice(4)}`;
  let values: string[];
  try {
    values = await readers.read(reference);
  } catch (error) {
    return [fault(`${path} cannot be read: ${(error as Error).message}`, next)];
  }
  // A secret is never repeated, not even a part of it.
  return values.flatMap((value, at): Finding[] => {
    const which = values.length > 1 ? `${path}, number ${at + 1} of ${values.length},` : path;
    if (placeholder.test(value)) return [fault(`${which} is still the placeholder`, next)];
    if (/^["'].*["']$/.test(value)) return [fault(`${which} has quotes around it`, next)];
    if (/\s/.test(value)) return [fault(`${which} has a blank or a line break in it`, next)];
    return value.length < leastLength
      ? [warning(`${which} has fewer than ${leastLength} characters`, next)]
      : [];
  });
}
