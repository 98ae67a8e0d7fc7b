import * as z from 'zod';
import { formatName } from './formats/format-name.ts';
import { commonKeys, type KindConfig } from './kind-config.ts';

const schema = z.strictObject({
  ...commonKeys('console'),
  format: formatName.optional(),
});

export type ConsoleConfig = z.infer<typeof schema>;

export const consoleConfig: KindConfig<'console'> = {
  type: 'console',
  schema,
  secretKeys: [],
  urlKeys: [],
  permissions: () => [],
};
