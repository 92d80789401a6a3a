/**
 * What a person at the terminal is told when the house's own machinery fails: which component, where its log
 * is and what to do next. The product's refusals have their own catalogue; this one never crosses a network.
 */
export class InfraFailure extends Error {
  constructor(
    readonly component: string,
    readonly reason: string,
    readonly nextStep: string,
    readonly logFile?: string,
  ) {
    const log = logFile ? `\n  log: ${logFile}` : '';
    super(`${component}: ${reason}${log}\n  next step: ${nextStep}`);
    this.name = 'InfraFailure';
  }
}
