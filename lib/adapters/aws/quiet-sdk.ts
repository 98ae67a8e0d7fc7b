import type { Environment } from '../config/environment.ts';

/**
 * On Node 20 the AWS SDK prints a paragraph about its own end of support each time a process starts; here it
 * would stand between a newcomer and what to do next. On AWS the functions run on a newer Node.
 */
export function quietSdk(environment: Environment): void {
  environment['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}
