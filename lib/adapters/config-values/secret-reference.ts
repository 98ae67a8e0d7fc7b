import * as z from 'zod';

/** `env:NAME` on a laptop, `ssm:/path/to/parameter` on AWS. The message must not repeat the value: it may be a secret. */
export const secretReference = z
  .string()
  .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|ssm:\/[A-Za-z0-9_.\-/]+)$/, {
    error:
      'must be a reference, env:NAME on a laptop or ssm:/path/to/parameter on AWS, never the secret itself',
  })
  .describe('Reference to a secret: env:NAME on a laptop, ssm:/path/to/parameter on AWS');

export const isLaptopReference = (reference: string): boolean => reference.startsWith('env:');
