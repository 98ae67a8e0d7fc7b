/** Stands in for a file that only `npm run build` writes. */
const { fail } = require('./parameters.cjs');

module.exports = () =>
  fail(['the functions are not built: run npm run build first (npm run deploy does both)']);
