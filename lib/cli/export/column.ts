/** What a value is, whatever the format: times are ISO 8601 in UTC, lists are lists of texts. */
type ColumnType = 'text' | 'time' | 'integer' | 'boolean' | 'list';

export interface Column {
  name: string;
  type: ColumnType;
}

/** Absent where it is not known. */
export type Cell = string | number | boolean | readonly string[] | undefined;

/** One row of an export, by the names of its columns. */
export type Line = Readonly<Record<string, Cell>>;

const types: Record<ColumnType, (value: unknown) => Cell> = {
  text: (value) => (typeof value === 'string' ? value : undefined),
  time: (value) => (typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined),
  integer: (value) => (typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : undefined),
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  list: (value) =>
    Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : undefined,
};

/** Of a row what the columns name, each as far as it is what it should be. */
export const lineOf = (columns: readonly Column[], row: Readonly<Record<string, unknown>>): Line =>
  Object.fromEntries(columns.map(({ name, type }) => [name, types[type](row[name])]));

/** Columns of a type by their names, `a b c`. */
export const columnsOf = (type: ColumnType, names: string): Column[] =>
  names.split(' ').map((name) => ({ name, type }));
