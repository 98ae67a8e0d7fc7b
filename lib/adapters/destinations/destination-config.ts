import type { Content } from '../../domain/destination/content.ts';
import type { Selection } from '../../domain/incident-filter/criteria.ts';

/** Keys beyond these belong to the destination's type and are checked by its own schema. */
export interface DestinationConfig {
  name: string;
  type: string;
  events?: string[] | undefined;
  /** Which incidents it wants. */
  only?: Selection | undefined;
  /** The configuration's `counts`, given to destinations that are told of failures; no key of the file. */
  counts?: Selection | undefined;
  /** Of a lane (lanes.ts): in which way it tells; no key of the file. */
  lane?: string | undefined;
  content?: Content | undefined;
  /** It is sent incidents of the past that are imported. */
  history?: boolean | undefined;
  /** So many attempts at most are under way at once, whoever makes them. */
  max_in_flight?: number | undefined;
  [key: string]: unknown;
}
