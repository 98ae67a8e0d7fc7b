import { fingerprintOf } from '../../../adapters/config/fingerprint.ts';
import { type Check, fault, ok, skipped } from '../check.ts';

/** The file was valid, or nothing would have been looked at: is it what the bridge runs with? */
export const configuration: Check = {
  name: 'configuration',
  async look({ config, configFile, deployment }) {
    const { configFingerprint, applyWith, where } = deployment;
    if (configFingerprint === undefined)
      return skipped(`${configFile} is valid; nothing says whether it is what the bridge runs with`);
    if (configFingerprint === fingerprintOf(config))
      return ok(`${configFile} is valid and what the bridge runs with`);
    return [fault(`the bridge runs with another configuration than ${configFile} (${where})`, applyWith)];
  },
};
