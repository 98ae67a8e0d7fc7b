import * as z from 'zod';
import { isLoopbackHost } from '../outgoing-http/loopback.ts';

/** `https://` anywhere, `http://` only to this machine. Messages do not repeat the URL: its path may hold a token. */
export const receiverUrl = z.string().superRefine((text, context) => {
  const fault = urlFault(text);
  if (fault) context.addIssue({ code: 'custom', message: fault });
});

function urlFault(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be a complete URL such as https://hooks.example.com/incidents';
  const url = new URL(text);
  if (url.username || url.password) return 'must not contain a user name or password';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol !== 'http:') return `must begin with https://, not ${url.protocol}//`;
  return isLoopbackUrl(text)
    ? undefined
    : 'must begin with https:// (http:// is accepted for 127.0.0.1 only)';
}

/** True for a URL whose host is this machine. */
export function isLoopbackUrl(text: string): boolean {
  return URL.canParse(text) && isLoopbackHost(new URL(text).hostname);
}
