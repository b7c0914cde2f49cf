/** A demanded row count was not met: somebody else changed the row first. Nothing of the decision is written. */
export class RowCountError extends Error {
  constructor(statement: string, demanded: number, changed: number) {
    super(`${statement} changed ${changed} rows instead of ${demanded}`)
    this.name = 'RowCountError'
  }
}
