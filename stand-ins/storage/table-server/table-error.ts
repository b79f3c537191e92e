const statuses = {
  EntityAlreadyExists: 409,
  InvalidDuplicateRow: 400,
  InvalidInput: 400,
  ResourceNotFound: 404,
  TableAlreadyExists: 409,
  TableNotFound: 404,
  UpdateConditionNotSatisfied: 412,
} as const;

/** Table storage's own codes: https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes */
export class TableError extends Error {
  readonly code: keyof typeof statuses;
  readonly status: number;

  constructor(code: keyof typeof statuses, message: string = code) {
    super(message);
    this.code = code;
    this.status = statuses[code];
  }
}

export const errorBody = (code: string, message: string): string =>
  JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: message } } });
