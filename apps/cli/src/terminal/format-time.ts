/** `2026-11-23`, from days since 1970-01-01. */
export function formatDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** `2026-11-23 10 h UTC`, from hours since 1970-01-01T00Z. */
export function formatHour(hour: number): string {
  return `${new Date(hour * 3_600_000).toISOString().slice(0, 13).replace('T', ' ')} h UTC`;
}

/** `2026-11-23T10:00:00Z`, from seconds since 1970-01-01T00:00:00Z. */
export function formatInstant(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** `23 Nov 10:00`, or with the year where it is another one; in the time zone of the person. */
export function formatForList(seconds: number, nowMs: number): string {
  const date = new Date(seconds * 1000);
  const sameYear = date.getFullYear() === new Date(nowMs).getFullYear();
  const day = date.toLocaleDateString('en-GB', {
    day: '2-digit',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return sameYear ? `${day} ${time}` : day;
}
