import { parentPort } from 'node:worker_threads';

// A thread that plays what it is sent with whatever bundle it is told: the packages a bundle leaves out are
// loaded once and serve all of them.
parentPort?.on('message', async ({ bundle, task }) => {
  try {
    const { work } = await import(bundle);
    parentPort?.postMessage({ report: await work(task) });
  } catch (error) {
    parentPort?.postMessage({
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});
