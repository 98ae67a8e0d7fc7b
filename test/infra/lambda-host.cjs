/** Loads a function's bundle as Lambda's runtime does, and runs it once for each message. */
const started = performance.now();
const { handler } = require(process.argv[2]);
const loadMs = performance.now() - started;
if (handler.length > 2) throw new Error('Node 24 on Lambda refuses handlers with a callback');

process.on('message', async ({ id, event, timeoutMs }) => {
  const until = Date.now() + timeoutMs;
  const context = { getRemainingTimeInMillis: () => until - Date.now() };
  try {
    process.send({ id, result: await handler(event, context) });
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error) });
  }
});
process.send({ loadMs, node: process.version });
