import { type Check, type Finding, fault, orOk, skipped, warning } from '../check.ts';

export const functions: Check = {
  name: 'functions',
  async look({ deployment }) {
    if (deployment.functions === undefined) return skipped('nothing says what runs here');
    const parts = await deployment.functions();
    const findings = parts.flatMap(({ name, fault: said, failures }): Finding[] => {
      if (said !== undefined) return [fault(`${name} ${said}`, deployment.applyWith)];
      if (failures === undefined) return [];
      const times = failures.times === 1 ? 'once' : `${failures.times} times`;
      return [
        warning(`${name} failed ${times} in the last day, at last at ${failures.lastAt}`, failures.readWith),
      ];
    });
    return orOk(findings, `${parts.map(({ name }) => name).join(', ')} as they should be`);
  },
};
