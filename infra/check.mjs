/**
 * `npm run check`: all the checks at once, since none of them keeps two cores busy from its beginning to its end.
 * What each has to say is printed in one piece. Plain JavaScript: it starts at once.
 */
import { spawn } from 'node:child_process';

const checks = ['check:format', 'check:types', 'check:imports', 'check:unused'];

/** Resolves with the exit code. */
function run(check) {
  return new Promise((resolve) => {
    const child = spawn(`npm run --silent ${check}`, { shell: true });
    const said = [];
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.once('close', (code) => {
      process.stdout.write(`${code === 0 ? 'holds' : 'FAILS'}  ${check}\n`);
      process.stdout.write(Buffer.concat(said));
      resolve(code);
    });
  });
}

const codes = await Promise.all(checks.map(run));
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
