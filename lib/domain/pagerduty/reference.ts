/** A PagerDuty service or team as a webhook or the REST API refers to it. */
export interface PagerDutyRef {
  id: string;
  name?: string;
  url?: string;
}
