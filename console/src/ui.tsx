import * as RadixDialog from '@radix-ui/react-dialog';
import type { ButtonHTMLAttributes, InputHTMLAttributes, ReactNode, Ref, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react';

const join = (...names: (string | false | undefined)[]): string => names.filter(Boolean).join(' ');

type Kind = 'primary' | 'plain' | 'danger' | 'quiet';
const KINDS: Readonly<Record<Kind, string>> = {
  primary: 'bg-accent text-on-accent border-transparent hover:opacity-90',
  plain: 'bg-card text-text border-line hover:border-quiet',
  danger: 'bg-card text-wrong border-line hover:border-wrong',
  quiet: 'bg-transparent text-quiet border-transparent hover:text-text',
};
export const buttonClass = (kind: Kind = 'plain'): string =>
  join(
    'inline-flex h-9 items-center justify-center gap-2 rounded-md border px-3 text-sm font-medium whitespace-nowrap disabled:opacity-50',
    KINDS[kind],
  );
export const Button = ({
  kind = 'plain',
  busy = false,
  className,
  children,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: Kind; busy?: boolean; ref?: Ref<HTMLButtonElement> }) => (
  <button type="button" {...rest} disabled={rest.disabled || busy} aria-busy={busy} className={join(buttonClass(kind), className)}>
    {children}
  </button>
);

const FIELD = 'w-full rounded-md border border-line bg-card px-3 text-sm text-text placeholder:text-quiet aria-invalid:border-wrong';
export const Input = ({ className, ...rest }: InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) => (
  <input {...rest} className={join(FIELD, 'h-9', className)} />
);
export const Textarea = (props: TextareaHTMLAttributes<HTMLTextAreaElement>) => (
  <textarea rows={4} {...props} className={join(FIELD, 'py-2', props.className)} />
);
export const Select = ({ className, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) => (
  <select {...rest} className={join(FIELD, 'h-9', className)} />
);
export const Card = ({ children, className }: { children: ReactNode; className?: string }) => (
  <section className={join('rounded-lg border border-line bg-card', className)}>{children}</section>
);
export type Tone = 'plain' | 'good' | 'wrong' | 'busy';
const TONES: Readonly<Record<Tone, string>> = {
  plain: 'border-line text-quiet',
  good: 'border-good/40 text-good',
  wrong: 'border-wrong/40 text-wrong',
  busy: 'border-accent/40 text-accent',
};
export const Badge = ({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) => (
  <span className={join('inline-block rounded border px-1.5 py-0.5 text-xs whitespace-nowrap', TONES[tone])}>{children}</span>
);

/** Names and what stands for them; a null stands for nothing to show. */
export const NameValues = ({ of }: { of: readonly (readonly [name: string, value: ReactNode] | null)[] }) => (
  <dl className="divide-y divide-line text-sm">
    {of
      .filter((entry) => entry !== null)
      .map(([name, value]) => (
        <div key={name} className="gap-4 px-4 py-2.5 sm:grid sm:grid-cols-[12rem_1fr]">
          <dt className="text-quiet">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
  </dl>
);

export function Dialog({
  open,
  onClose,
  title,
  lead,
  children,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  lead?: string | undefined;
  children: ReactNode;
}) {
  return (
    <RadixDialog.Root open={open} onOpenChange={(to) => !to && onClose()}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="fixed inset-0 z-50 bg-black/50" />
        <RadixDialog.Content
          className="fixed inset-x-3 top-[8vh] z-50 mx-auto max-h-[84vh] max-w-xl overflow-y-auto rounded-lg border border-line bg-card p-5 shadow-xl"
          {...(lead === undefined && { 'aria-describedby': undefined })}
        >
          <RadixDialog.Title className="text-lg font-semibold">{title}</RadixDialog.Title>
          {lead !== undefined && <RadixDialog.Description className="mt-1 text-sm text-quiet">{lead}</RadixDialog.Description>}
          <div className="mt-4">{children}</div>
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

/** What a list or a page shows in place of what is not there. */
export const Notice = ({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) => (
  <div className="flex flex-col items-center gap-2 px-4 py-14 text-center">
    <p className="font-medium">{title}</p>
    {children !== undefined && <p className="max-w-md text-sm text-quiet">{children}</p>}
    {action}
  </div>
);
export const Skeleton = ({ rows = 6 }: { rows?: number }) => (
  <div className="flex flex-col gap-3 p-4" role="status" aria-label="Loading">
    {Array.from({ length: rows }, (_, row) => (
      <div key={row} className="h-5 animate-pulse rounded bg-line" />
    ))}
  </div>
);
