/** Keys beyond these belong to the destination's type and are checked by its own schema. */
export interface DestinationConfig {
  name: string;
  type: string;
  events?: string[] | undefined;
  [key: string]: unknown;
}
