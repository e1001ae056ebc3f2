import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Contract } from '../contract.ts';
import { useHere } from '../here.tsx';
import { pageOf } from '../resource/address.ts';

interface Subject {
  readonly type: string;
  readonly id: string;
}
/** The page of what is named by type and id: an `order` is what the contract reads at `/orders/{orderId}`. */
function pathOf({ operations }: Contract, { type, id }: Subject): string | undefined {
  const key = type.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const found = operations.find(({ method, template }) => method === 'get' && new RegExp(`^/[^/]+/\\{${key}Id\\}$`).test(template));
  return found && `/${found.template.split('/')[1]!}/${encodeURIComponent(id)}`;
}
export function SubjectLink({ of, children }: { of: Subject; children?: ReactNode }) {
  const path = pathOf(useHere().contract, of);
  const name = children ?? `${of.type} ${of.id.slice(0, 8)}`;
  if (path === undefined) return <span>{name}</span>;
  return (
    <Link {...pageOf(path)} className="text-accent underline-offset-2 hover:underline">
      {name}
    </Link>
  );
}
