import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useHere } from '../here.tsx';
import { pageOf } from '../resource/address.ts';
import { buttonClass } from '../ui.tsx';

/** What a timeline begins with. */
export type TimelineOrigin =
  | { readonly requestId: string }
  | { readonly jobId: string }
  | { readonly deliveryId: string }
  | { readonly position: number }
  | { readonly subjectType: string; readonly subjectId: string };

/** Leads to what came before and after a thing; nothing for whom the server would refuse it. `<TimelineLink of={{ jobId }} />` */
export function TimelineLink({ of, children = 'Timeline', className }: { of: TimelineOrigin; children?: ReactNode; className?: string }) {
  const here = useHere();
  if (!here.allowed('timeline.get')) return null;
  return (
    <Link {...pageOf('/timeline')} search={{ ...of }} className={className ?? buttonClass()}>
      {children}
    </Link>
  );
}
