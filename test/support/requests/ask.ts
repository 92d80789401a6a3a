/** An answer with its body read, as tests look at it. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  text: string;
}

interface Question {
  method?: string;
  token?: string;
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  raw?: string | Uint8Array;
  headers?: Record<string, string>;
}

/** One request without the client library: for what a well-behaved client would never send. */
export async function ask(url: string, question: Question = {}): Promise<Answer> {
  const { method = 'GET', token, body, raw } = question;
  const reply = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined && raw === undefined ? {} : { 'content-type': 'application/json' }),
      ...question.headers,
    },
    ...(raw !== undefined ? { body: raw as string } : {}),
    ...(body !== undefined ? { body: JSON.stringify(body) } : {}),
  });
  const text = await reply.text();
  const isJson = reply.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: reply.status,
    headers: reply.headers,
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    text,
  };
}
