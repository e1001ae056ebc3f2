import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { pageOf } from '../resource/address.ts';
import { Button } from '../ui.tsx';

/** A link to a page of the console, with what its list is narrowed by. */
export const PageLink = ({
  to,
  search,
  className = 'text-accent underline-offset-2 hover:underline',
  current = false,
  children,
}: {
  /** As a path of the API: `/jobs`. */
  to: string;
  search?: Readonly<Record<string, string>>;
  className?: string;
  /** It leads to where one is. */
  current?: boolean;
  children: ReactNode;
}) => (
  <Link
    {...pageOf(to)}
    search={{ ...search }}
    className={className}
    activeOptions={{ exact: true }}
    aria-current={current ? 'page' : undefined}
  >
    {children}
  </Link>
);
export const CopyButton = ({ text, children = 'Copy' }: { text: string; children?: ReactNode }) => (
  <Button
    onClick={() =>
      void navigator.clipboard.writeText(text).then(
        () => toast.success('Copied'),
        () => toast.error('The browser does not let this page copy: mark it and copy it by hand.'),
      )
    }
  >
    {children}
  </Button>
);
export const Progress = ({ value, max, label }: { value: number; max: number; label: string }) => {
  const percent = Math.round(Math.min(1, value / Math.max(max, 1)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-2 overflow-hidden rounded-full bg-line"
    >
      <div className="h-full rounded-full bg-accent" style={{ width: `${percent}%` }} />
    </div>
  );
};
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
/** A time to the second: where things follow each other closely. */
export const Moment = ({ at }: { at: string }) => (
  <time dateTime={at} title={at}>
    {EXACT.format(new Date(at))}
  </time>
);
/** What a machine says, as it says it. */
export const Code = ({ children, label }: { children: string; label: string }) => (
  <pre tabIndex={0} aria-label={label} className="max-h-96 overflow-auto rounded bg-page p-3 text-xs break-words whitespace-pre-wrap">
    {children}
  </pre>
);
export const json = (value: unknown): string => JSON.stringify(value, null, 2) ?? '';
