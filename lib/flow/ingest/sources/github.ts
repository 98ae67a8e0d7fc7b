import { readGitHub } from '../../../domain/ci/github-deployment.ts';
import { verifyHubSignature } from '../../../domain/ci/hub-signature.ts';
import { sharedSecret } from '../ci/shared-secret.ts';
import { ciWebhook } from '../ci/webhook.ts';

/** GitHub's webhooks, signed with the secret they were set up with. */
export const github = ciWebhook({
  name: 'github',
  credentials: (deps) =>
    sharedSecret(deps.config.ingest.github?.secret, deps, {
      header: 'x-hub-signature-256',
      holds: ({ rawBody }, signature, secrets) => verifyHubSignature(rawBody, signature, secrets),
    }),
  read: (headers, body, settings) => readGitHub(headers['x-github-event'], body, settings),
  whenMismatched: 'check the secret of the GitHub webhook against ingest.github.secret',
});
