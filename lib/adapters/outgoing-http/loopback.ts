/** True if a URL's host means this machine, by name or literal address. Other names that resolve to it are not known here. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(localhost|.+\.localhost|\[::1\]|127(\.\d+){3})$/.test(hostname);
}
