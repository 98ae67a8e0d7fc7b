import { diagnoseSignature } from '../../domain/pagerduty/diagnose-signature.ts';
import { collect, command } from '../command.ts';
import { failed, type Io, printJson } from '../io.ts';
import { readRequest } from '../read-request.ts';

interface Options {
  secret: string[];
  signature: string;
  file: string;
  json?: true;
}

/** `pdbridge verify`: is a captured request authentic, and if not, why probably not. */
export function verifyCommand(io: Io) {
  return command(
    io,
    'verify',
    'says whether a captured request is authentic, and if not, why it probably is not',
    ['verify --secret "$SECRET" --signature "v1=7f13…" --file body.json'],
  )
    .requiredOption('--secret <secret>', 'signing secret of the subscription; may be repeated', collect)
    .requiredOption('--signature <header>', 'value of the X-PagerDuty-Signature header')
    .requiredOption('--file <body.json>', 'the body, byte by byte as it was received')
    .action(async ({ secret, signature, file, json }: Options) => {
      const body = readRequest(file);
      const diagnosis = diagnoseSignature(body, signature, secret);
      if (json) printJson(io, diagnosis);
      if (diagnosis.authentic) {
        if (!json) io.out('Authentic.\n');
        return;
      }
      if (!json) {
        io.out(`Not authentic (${diagnosis.code}): ${diagnosis.reason}\n`);
        io.out(`${diagnosis.certain ? '' : 'Most likely remedy: '}${diagnosis.remedy}\n`);
      }
      throw failed('not_authentic');
    });
}
