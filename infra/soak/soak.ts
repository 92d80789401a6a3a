/** What takes too long for every landing, and is run before an issue is called done. */
export interface Soak {
  name: string;
  summary: string;
  /** Names of further options that it takes, each with a value. */
  options: readonly string[];
  /** Runs it, prints its numbers, and returns whether they are good enough. */
  run(request: SoakRequest): Promise<boolean>;
}

export interface SoakRequest {
  /** Decides every choice that the soak makes at random. */
  seed: number;
  options: Readonly<Record<string, string | undefined>>;
}
