import { readGitLab } from '../../../domain/ci/gitlab-deployment.ts';
import { verifyApiKey } from '../../../domain/pagerduty/api-key.ts';
import { sharedSecret } from '../ci/shared-secret.ts';
import { ciWebhook } from '../ci/webhook.ts';

/** GitLab's webhooks, which carry their secret token as it is. */
export const gitlab = ciWebhook({
  name: 'gitlab',
  credentials: (deps) =>
    sharedSecret(deps.config.ingest.gitlab?.token, deps, {
      header: 'x-gitlab-token',
      holds: (_, token, tokens) => verifyApiKey(token, tokens),
    }),
  read: (headers, body, settings) => readGitLab(headers['x-gitlab-event'], body, settings),
  whenMismatched: 'check the secret token of the GitLab webhook against ingest.gitlab.token',
});
