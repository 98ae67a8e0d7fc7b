import * as z from 'zod';
import { publishedSchema } from './bridge-schema.ts';

/** JSON Schema of bridge.yml, published as infra/bridge.schema.json for completion in editors. */
export function bridgeJsonSchema(): unknown {
  return {
    ...z.toJSONSchema(publishedSchema, { io: 'input', target: 'draft-7' }),
    title: 'Configuration of pagerduty-catalog-bridge',
  };
}
