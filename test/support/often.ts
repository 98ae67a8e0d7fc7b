/**
 * Of what is the same check over and over, `npm test` does a part and `npm run test:campaigns` all; it runs each file
 * that imports this one.
 */
const all = process.env['EVERY_TIME'] !== undefined;

/** How often a property is tried, of so many times. */
export const tries = (times: number): number => (all ? times : Math.ceil(times / 5));

/** From one place where something can go wrong to the next that is tried. No multiple of the number of fates, 6. */
export const stride = all ? 1 : 5;
