/** Without a version: headers must not change between two attempts, and a release may come between them. */
export const userAgent = 'pagerduty-catalog-bridge';
