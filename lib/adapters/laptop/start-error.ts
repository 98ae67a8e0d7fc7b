export type StartErrorCode =
  | 'data_folder_in_use'
  | 'data_folder_unreadable'
  | 'port_in_use'
  | 'tls'
  | 'table_differs'
  | 'no_authenticator'
  | 'configuration'
  | 'catalog';

/** Why the local bridge does not start, in words for the person who started it. The codes are in docs/errors.md. */
export class StartError extends Error {
  readonly code: StartErrorCode;
  constructor(code: StartErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'StartError';
    this.code = code;
  }
}

export const folderInUse = (folder: string, owner: string): string =>
  `The data folder ${folder} is in use by ${owner}. Stop that one first, or set BRIDGE_DATA_DIR to another folder.`;
