/** `${self:custom.bridge.NAME}`: filled in by the packager, with what infra/parameters.cjs has checked. */
export const parameter = (name: string): string => `$\{self:custom.bridge.${name}}`;

/** `${file(…):address}`: filled in by the packager from a file. */
export const fromFile = (file: string, address: string): string => `$\{file(${file}):${address}}`;

/** `${name}` within Fn::Sub: filled in by CloudFormation. */
export const sub = (name: string): string => `$\{${name}}`;
