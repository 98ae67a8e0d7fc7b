/** Why a push was refused; in every case the catalog is as it was. */
export type CatalogPushCode =
  | 'catalog_empty'
  | 'catalog_duplicate'
  | 'catalog_conflict'
  | 'catalog_changed'
  | 'catalog_push_too_slow'
  | 'catalog_too_many_sources'
  | 'catalog_source_name';

export class CatalogPushError extends Error {
  readonly code: CatalogPushCode;
  constructor(code: CatalogPushCode, message: string) {
    super(message);
    this.name = 'CatalogPushError';
    this.code = code;
  }
}
