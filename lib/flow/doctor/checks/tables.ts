import { describeTables } from '../../../store/database/describe-tables.ts';
import { tableDefinitions } from '../../../store/database/table-definitions.ts';
import { type Check, type Finding, fault, orOk, warning } from '../check.ts';

export const tables: Check = {
  name: 'tables',
  async look({ store, deployment }) {
    const findings = (await describeTables(store)).flatMap(
      ({ name, state, missing, building }): Finding[] => {
        if (state === 'missing') return [fault(`the table ${name} is missing`, deployment.applyWith)];
        return [
          ...(state === 'ACTIVE' ? [] : [warning(`the table ${name} is ${state}`)]),
          ...missing.map((index) => fault(`the index ${index} of ${name} is missing`, deployment.applyWith)),
          ...building.map((index) => warning(`the index ${index} of ${name} is being built`)),
        ];
      },
    );
    const backups = (await deployment.backups?.()) ?? [];
    for (const { table, on } of backups) {
      if (on) continue;
      const next = `aws dynamodb update-continuous-backups --table-name ${table} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`;
      findings.push(warning(`point-in-time recovery of ${table} is off`, next));
    }
    return orOk(findings, `${tableDefinitions.length} tables with their indexes`);
  },
};
