import * as z from 'zod';

const formatNames = ['event', 'cloudevents', 'cdevents'] as const;

/** Formats that are a body alone, so any destination can carry them. */
export const formatName = z.enum(formatNames).describe('How the incident event is written; default event');

/** Over HTTP, CloudEvents attributes can also travel as headers. */
export const httpFormatName = z
  .enum([...formatNames, 'cloudevents-binary'])
  .describe('How the incident event is written; default event');
