/** In front of the stamp of what was read back from Datadog: before every year there is. */
export const readBack = '0#';
