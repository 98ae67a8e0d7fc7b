import { type Check, fault, orOk, skipped } from '../check.ts';

export const functions: Check = {
  name: 'functions',
  async look({ deployment }) {
    if (deployment.functions === undefined) return skipped('nothing says what runs here');
    const parts = await deployment.functions();
    const faults = parts.flatMap(({ name, fault: said }) =>
      said === undefined ? [] : [fault(`${name} ${said}`, deployment.applyWith)],
    );
    return orOk(faults, `${parts.map(({ name }) => name).join(', ')} as they should be`);
  },
};
