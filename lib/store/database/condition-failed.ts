/** A condition that was not met is an answer, not a fault; compared by name so no SDK class is loaded for it. */
export function conditionFailed(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}
