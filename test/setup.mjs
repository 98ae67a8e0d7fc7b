import { addEventHandler, getState } from 'jest-circus';
import { register } from 'tsx/esm/api';

register();

// Whatever deployment the developer has chosen, no test is about it.
process.env.PDBRIDGE_STAGE = '';

// With the run, whether it is over or was ended, goes what its files have started and left.
process.once('disconnect', () => process.exit());

/** For what hangs, not for what is slow: a machine that is busy makes a test wait, it must not fail it. */
const limitMs = 300_000;

function withLimit(run, limit) {
  return async () => {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`Not over after ${limit / 1000} s.`)), limit);
    });
    try {
      await Promise.race([run(), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}

// The runner itself knows no limit.
addEventHandler(({ name, timeout }) => {
  if (name !== 'add_test') return;
  const added = getState().currentDescribeBlock.children.at(-1);
  if (added.fn) added.fn = withLimit(added.fn, timeout ?? limitMs);
});
