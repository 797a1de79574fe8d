/**
 * How a query to Firestore is listed beside the code that makes it. The emulators enforce no index; a test
 * derives from these lists the indexes that production needs.
 * @module
 */

/** One query. Every field of `filters` and `order` counts for the index; `limit` is the most it can read. */
export interface QueryShape {
  readonly id: string;
  readonly collection: string;
  readonly scope: 'collection' | 'group';
  readonly filters: readonly {
    readonly field: string;
    readonly op: '==' | '<' | '<=' | '>' | '>=' | 'in' | 'array-contains';
  }[];
  readonly order: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[];
  /** Fields that are added up. */
  readonly sums?: readonly string[];
  readonly limit: number;
}
