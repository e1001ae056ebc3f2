import type Bowser from 'bowser';

/** What a User-Agent says of itself. Anybody can say anything there: it is for recognising one's own sessions, never for deciding. */
export interface Device {
  /** "Firefox on Windows", "Safari on iPhone", "curl". */
  readonly label: string;
  readonly browser: string | null;
  readonly os: string | null;
}
const UNKNOWN: Device = Object.freeze({ label: 'Unknown device', browser: null, os: null });
/** What is shown begins with a letter and has letters, digits and few signs: a name shall not look like a message of ours. */
const NAME = /^[A-Za-z][\w .+-]{0,39}$/;
/** A client that is no browser: `curl/8.5.0`. */
const PRODUCT = /^([A-Za-z][\w.+-]{0,39})(?:\/|$)/;

let parser: Promise<typeof Bowser> | undefined;
/** Loaded when the first list of sessions is asked for: most processes never parse one. */
export async function deviceReader(): Promise<(userAgent: string | null) => Device> {
  parser ??= import('bowser').then(({ default: bowser }) => bowser);
  const bowser = await parser;
  return (userAgent) => (userAgent ? read(bowser, userAgent) : UNKNOWN);
}

function read(bowser: typeof Bowser, userAgent: string): Device {
  const { browser, os, platform } = parse(bowser, userAgent);
  const system = named(os?.name);
  const client = (system && named(browser?.name)) ?? PRODUCT.exec(userAgent)?.[1] ?? null;
  const thing = platform?.vendor === 'Apple' ? (named(platform.model) ?? system) : system;
  if (client === null && thing === null) return UNKNOWN;
  const label = client !== null && thing !== null ? `${client} on ${thing}` : (client ?? thing)!;
  return { label, browser: client, os: system };
}
/** The library refuses some texts by throwing. */
function parse(bowser: typeof Bowser, userAgent: string): Partial<ReturnType<typeof Bowser.parse>> {
  try {
    return bowser.parse(userAgent);
  } catch {
    return {};
  }
}
const named = (name: string | undefined): string | null => (name !== undefined && NAME.test(name) ? name : null);
