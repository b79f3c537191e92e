/** Ids that tie a call to Azure to the request it serves; both are sent. */
export interface CallIds {
  /** Sent as `x-ms-client-request-id`. */
  readonly clientRequestId: string;
  /** W3C trace context. */
  readonly traceparent?: string;
}
