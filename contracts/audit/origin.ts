/** Who asked, and under which request: carried into every transition and audit row. */
export interface Origin {
  actor: string;
  requestId: string;
}
