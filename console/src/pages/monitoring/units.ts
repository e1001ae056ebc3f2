const WHOLE = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });

export const count = (value: number): string => (value < 10 ? SHORT.format(value) : WHOLE.format(value));
export const perSecond = (value: number): string => `${count(value)}/s`;
export const milliseconds = (value: number): string => (value < 1000 ? `${SHORT.format(value)} ms` : `${SHORT.format(value / 1000)} s`);
export const MEGABYTE = 1_048_576;
export const megabytes = (count: number): string => `${WHOLE.format(count)} MB`;
export function duration(seconds: number): string {
  if (seconds < 60) return `${SHORT.format(seconds)} s`;
  if (seconds < 3600) return `${WHOLE.format(Math.floor(seconds / 60))} min`;
  return seconds < 86_400
    ? `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
    : `${WHOLE.format(seconds / 86_400)} days`;
}
