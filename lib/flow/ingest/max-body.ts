/** Of every source alike, in bytes. An API Gateway lets 10 MB through, Lambda 6; nothing that is meant is so long. */
export const maxBodyBytes = 4 * 1024 * 1024;
