/**
 * Who tells what `pdbridge import datadog` reads: nobody else can. It fills in what nobody has told, and nothing of it
 * is sent to anybody.
 */
export const importedSource = 'datadog';
