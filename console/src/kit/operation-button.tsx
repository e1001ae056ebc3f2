import { type ReactNode, useState } from 'react';
import { useHere } from '../here.tsx';
import { OperationDialog, type OperationDialogProps } from '../resource/act.tsx';
import { Button } from '../ui.tsx';
import type { OperationId } from './pages.ts';

interface Props extends Pick<
  OperationDialogProps,
  'current' | 'form' | 'initial' | 'inputs' | 'known' | 'lead' | 'listPath' | 'onDone' | 'submit'
> {
  readonly operation: OperationId;
  /** Of its path. */
  readonly params?: Readonly<Record<string, string>>;
  /** Absent: the operation's summary. */
  readonly children?: ReactNode;
  readonly kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  /** In the row of a table. */
  readonly small?: boolean;
  /** Stands there and cannot be pressed, for this reason. */
  readonly unless?: string | false | undefined;
}
/**
 * A button for one operation: opens its form, or asks whether to go on, and says what came of it. Whoever may not call it does not see it.
 * `<OperationButton operation="users.suspend" params={{ userId }} current={user}>Suspend</OperationButton>`
 */
export function OperationButton({ operation: id, params = {}, children, kind, small, unless, ...dialog }: Props) {
  const [open, setOpen] = useState(false);
  const operation = useHere().allowed(id);
  if (!operation) return null;
  return (
    <>
      <Button
        kind={kind ?? (operation.method === 'delete' ? 'danger' : 'plain')}
        title={unless || operation.summary}
        disabled={Boolean(unless)}
        className={small ? 'h-7! px-2! text-xs!' : undefined}
        onClick={() => setOpen(true)}
      >
        {children ?? operation.summary}
      </Button>
      {open && <OperationDialog {...dialog} operation={operation} params={params} onClose={() => setOpen(false)} />}
    </>
  );
}
