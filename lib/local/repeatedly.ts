/** Does something now and then every `everyMs`, counted from the end of the time before: never two at once. */
export function repeatedly(everyMs: number, work: () => Promise<unknown>, failed: (error: unknown) => void) {
  let timer: NodeJS.Timeout | undefined;
  let underway: Promise<void> = Promise.resolve();
  let stopped = false;
  const once = () => {
    underway = work()
      .then(() => undefined, failed)
      .then(() => {
        if (!stopped) timer = setTimeout(once, everyMs);
      });
  };
  return {
    start: once,
    /** Resolves when what is under way has ended. */
    stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      return underway;
    },
  };
}
