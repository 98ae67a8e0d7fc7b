import * as z from 'zod';
import { formats } from './formats.ts';

const oneOf = (names: string[]) => z.enum(names).describe('How the incident event is written; default event');

/** Formats that are a body alone, so any destination can carry them. */
export const formatName = oneOf(formats.filter((each) => !each.overHttpOnly).map(({ name }) => name));

/** Over HTTP, a part of the format can also travel as headers. */
export const httpFormatName = oneOf(formats.map(({ name }) => name));
