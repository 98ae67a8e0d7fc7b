import type { LinkRuleName } from '../../domain/links/rule.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { textOf } from './row-values.ts';

/** An incident's cause as its row has it. Times as in the tables. */
export interface RecordedCause {
  rule: LinkRuleName;
  /** One sentence. */
  explanation: string;
  /** Absent where no deployment caused it. */
  deployment?: {
    id: string;
    service_env?: string;
    version?: string;
    commit_sha?: string;
    finished_at?: string;
    remediation_id?: string;
  };
}

/** Undefined for an incident that was not judged yet. */
export function recordedCause(row: Row): RecordedCause | undefined {
  const { cause_rule, cause_explanation, cause_deployment_id, cause_deployment } = row;
  if (typeof cause_rule !== 'string') return undefined;
  const id = textOf(cause_deployment_id);
  return {
    rule: cause_rule as LinkRuleName,
    explanation: textOf(cause_explanation) ?? '',
    ...(id !== undefined && { deployment: { ...(cause_deployment as object | undefined), id } }),
  };
}

/** Its attributes; those that it does not have are to be removed. */
export function causeAttributes(cause: RecordedCause | undefined): Row {
  const { id, ...facts } = cause?.deployment ?? {};
  return {
    cause_rule: cause?.rule,
    cause_explanation: cause?.explanation,
    cause_deployment_id: id,
    cause_deployment: id === undefined ? undefined : facts,
  };
}
